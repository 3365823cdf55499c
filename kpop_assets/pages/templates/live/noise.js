// Normal noise as tf.random.stateless_normal with alg="philox" makes it: Philox4x32-10 (Salmon et al. 2011), Box and Muller.
const LOW = 0xffffffffn;
const philox = ([key0, key1], counter) => {
  let [a, b, c, d] = counter;
  for (let round = 0; round < 10; round++) {
    const first = 0xd2511f53n * a, second = 0xcd9e8d57n * c;
    [a, b, c, d] = [(second >> 32n) ^ b ^ key0, second & LOW, (first >> 32n) ^ d ^ key1, first & LOW];
    key0 = (key0 + 0x9e3779b9n) & LOW;
    key1 = (key1 + 0xbb67ae85n) & LOW;
  }
  return [a, b, c, d];
};
const share = bits => Number(bits & 0x7fffffn) / 2 ** 23;
const normalPair = (first, second) => {
  const far = Math.sqrt(-2 * Math.log(Math.max(share(first), 1e-7))), turn = 2 * Math.PI * share(second);
  return [far * Math.sin(turn), far * Math.cos(turn)];
};
// The first noise vector of a seed of the pipeline: its stateless seed is (seed, -1).
const noiseOf = (seed, size) => {
  const [key0, key1, from0, from1] = philox([0x3ec8f720n, 0x02461e29n], [BigInt(seed) & LOW, BigInt(seed) >> 32n, LOW, LOW]);
  const numbers = [];
  for (let group = 0n; numbers.length < size; group++) {
    const [a, b, c, d] = philox([key0, key1], [group, 0n, from0, from1]);
    numbers.push(...normalPair(a, b), ...normalPair(c, d));
  }
  return Float32Array.from(numbers.slice(0, size));
};
// Between two noise vectors, as models/interpolation.py goes: on a sphere, so that what lies between is as long as noise is.
const length = vector => Math.hypot(...vector);
const mixed = (first, last, weights) => first.map((value, index) => weights[0] * value + weights[1] * last[index]);
const noiseBetween = (first, last, share) => {
  const lengths = [length(first), length(last)], straight = [1 - share, share];
  const product = first.reduce((sum, value, index) => sum + value * last[index], 0);
  const angle = Math.acos(Math.min(1, Math.max(-1, product / (lengths[0] * lengths[1]))));
  if (!(Math.sin(angle) >= 1e-4)) return mixed(first, last, straight);
  const far = straight[0] * lengths[0] + straight[1] * lengths[1];
  return mixed(first, last, straight.map((part, end) => far * Math.sin(part * angle) / (Math.sin(angle) * lengths[end])));
};
