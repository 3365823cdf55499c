"""PyTorch's DCGAN example, channels_last.

https://github.com/pytorch/examples/tree/main/dcgan (main.py): its networks (no 3×3 convolution
before the picture, so less work a picture than ours), first weights, Adam of 2e-4 with beta_1 .5,
two backward passes of the discriminator before its update, then the generator's through it,
which computes gradients of the discriminator's weights that nothing uses. The pictures are in
memory, where the example's loader would decode them. Runs in an environment that has PyTorch only.
"""

import itertools

import torch
from torch import nn, optim
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.training.peers.contender import Contender, Task, looped

NOISE_SIZE, WIDTH = 100, 64


def _weights_init(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


def _generator() -> nn.Sequential:
    layers: list[nn.Module] = []
    channels = [NOISE_SIZE, WIDTH * 8, WIDTH * 4, WIDTH * 2, WIDTH]
    for depth, (above, below) in enumerate(itertools.pairwise(channels)):
        stride, padding = (2, 1) if depth else (1, 0)
        layers += [
            nn.ConvTranspose2d(above, below, 4, stride, padding, bias=False),
            nn.BatchNorm2d(below),
            nn.ReLU(inplace=True),
        ]
    layers += [nn.ConvTranspose2d(WIDTH, 3, 4, 2, 1, bias=False), nn.Tanh()]
    return nn.Sequential(*layers)


def _discriminator() -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(3, WIDTH, 4, 2, 1, bias=False)]
    layers += [nn.LeakyReLU(0.2, inplace=True)]
    for channels in (WIDTH, WIDTH * 2, WIDTH * 4):
        layers += [
            nn.Conv2d(channels, channels * 2, 4, 2, 1, bias=False),
            nn.BatchNorm2d(channels * 2),
            nn.LeakyReLU(0.2, inplace=True),
        ]
    layers += [nn.Conv2d(WIDTH * 8, 1, 4, 1, 0, bias=False), nn.Sigmoid()]
    return nn.Sequential(*layers)


def build(task: Task) -> Contender:
    """Return the example's step."""
    batch = task.batch
    pictures = torch.frombuffer(bytearray(task.small.read_bytes()), dtype=torch.uint8)
    reals = (pictures.reshape(-1, 64, 64, 3).permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(
        memory_format=torch.channels_last
    )
    netG, netD = _generator().apply(_weights_init), _discriminator().apply(_weights_init)
    netG.to(memory_format=torch.channels_last)
    netD.to(memory_format=torch.channels_last)
    criterion = nn.BCELoss()
    optimizerD = optim.Adam(netD.parameters(), lr=2e-4, betas=(0.5, 0.999))
    optimizerG = optim.Adam(netG.parameters(), lr=2e-4, betas=(0.5, 0.999))

    def step() -> torch.Tensor:
        netD.zero_grad()
        real = reals[torch.randint(len(reals), (batch,))]
        label = torch.full((batch,), 1.0)
        criterion(netD(real).view(-1), label).backward()
        noise = torch.randn(batch, NOISE_SIZE, 1, 1)
        fake = netG(noise)
        label.fill_(0.0)
        criterion(netD(fake.detach()).view(-1), label).backward()
        optimizerD.step()
        netG.zero_grad()
        label.fill_(1.0)
        loss: torch.Tensor = criterion(netD(fake).view(-1), label)
        loss.backward()
        optimizerG.step()
        return loss.detach()

    with FlopCounterMode(display=False) as counter:
        step()
    return Contender(looped(step, float), counter.get_total_flops())
