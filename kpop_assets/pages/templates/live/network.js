// Runs the layers of models/live/exported_network.py with TensorFlow.js.
const FAST_SECONDS = 0.3, BREATH_MS = 30, TRIALS = 2;
const breath = () => new Promise(done => setTimeout(done));
const activations = { linear: value => value, sigmoid: tf.sigmoid, tanh: tf.tanh };
const biased = (value, bias) => bias ? tf.add(value, bias) : value;
const kinds = {
  Flatten: ([value]) => tf.reshape(value, [1, -1]),
  Reshape: ([value], { target_shape }) => tf.reshape(value, [1, ...target_shape]),
  Dense: ([value], { activation }, { kernel, bias }) => activations[activation](biased(tf.matMul(value, kernel), bias)),
  Conv2D: ([value], { strides, padding, activation }, { kernel, bias }) =>
    activations[activation](biased(tf.conv2d(value, kernel, strides, padding), bias)),
  BatchNormalization: ([value], _, { scale, offset, mean, variance }) => tf.batchNorm(value, mean, variance, offset, scale, 0),
  UpSampling2D: ([value], { size }) =>
    tf.image.resizeBilinear(value, [value.shape[1] * size[0], value.shape[2] * size[1]], false, true),
  AveragePooling2D: ([value], { pool_size, strides, padding }) => tf.avgPool(value, pool_size, strides, padding),
  LeakyReLU: ([value], { negative_slope }) => tf.leakyRelu(value, negative_slope),
  Split: ([value], { indices_or_sections, axis }) => tf.split(value, indices_or_sections, axis),
  Sigmoid: ([value]) => tf.sigmoid(value),
  Multiply: values => values.reduce((product, value) => tf.mul(product, value)),
  Add: values => values.reduce((sum, value) => tf.add(sum, value)),
};
// Text of base64 to float16: the low bytes of all numbers, then the high ones, deflated.
const unpacked = async text => {
  const packed = Uint8Array.from(atob(text), one => one.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer()), count = bytes.length / 2;
  const power = Float32Array.from({ length: 32 }, (_, exponent) => 2 ** (Math.max(exponent, 1) - 25));
  return Float32Array.from({ length: count }, (_, index) => {
    const high = bytes[count + index], exponent = high >> 2 & 31;
    const size = ((high & 3) << 8 | bytes[index] | (exponent && 1024)) * power[exponent];
    return high & 128 ? -size : size;
  });
};
const loaded = ({ layers }, numbers) => {
  let at = 0;
  const next = shape => tf.tensor(numbers.subarray(at, at += shape.reduce((product, side) => product * side, 1)), shape);
  return layers.map(({ kind, weights }) => {
    const own = Object.fromEntries(weights.map(([name, shape]) => [name, next(shape)]));
    return kind === "BatchNormalization" ? { ...own, mean: tf.zerosLike(own.offset), variance: tf.onesLike(own.scale) } : own;
  });
};
// Gives the picture, RGBA, of an input; lets the page answer meanwhile.
const drawn = async ({ layers, output, size }, weights, input) => {
  const made = [[tf.tensor(input, [1, 1, 1, input.length])]];
  let since = performance.now();
  for (const [place, layer] of layers.entries()) {
    if (place === 0) continue;
    const inputs = layer.inputs.map(([from, which]) => made[from][which]);
    made.push(tf.tidy(() => [kinds[layer.kind](inputs, layer, weights[place])].flat()));
    if (performance.now() - since > BREATH_MS) { await breath(); since = performance.now(); }
  }
  const values = await made[output[0]][output[1]].data();
  tf.dispose(made);
  const picture = new ImageData(size, size);
  for (let from = 0, to = 0; from < values.length; from += 3, to += 4) {
    for (const channel of [0, 1, 2]) picture.data[to + channel] = (values[from + channel] + 1) * 127.5;
    picture.data[to + 3] = 255;
  }
  return picture;
};
const hasWebgl = () => Boolean(new OffscreenCanvas(1, 1).getContext("webgl2"));
// Gives { draw, backend, seconds } on the fastest of the backends, or null when each takes longer than that.
const openNetwork = async (network, text, { backends, longestSeconds }, trial) => {
  const numbers = await unpacked(text), found = [];
  for (const backend of backends.split(" ")) {
    if (backend === "webgl" && !hasWebgl()) continue;
    if (!await tf.setBackend(backend)) continue;
    const weights = loaded(network, numbers), draw = input => drawn(network, weights, input);
    await draw(trial);
    let seconds = Infinity;
    for (let left = TRIALS; left && seconds > FAST_SECONDS; left--) {
      const before = performance.now();
      await draw(trial);
      seconds = Math.min(seconds, (performance.now() - before) / 1000);
    }
    found.push({ draw, backend, weights, seconds });
    if (seconds <= FAST_SECONDS) break;
  }
  const [best, ...others] = found.sort((one, other) => one.seconds - other.seconds);
  for (const { weights } of others) tf.dispose(weights);
  if (!best || best.seconds > longestSeconds) return null;
  await tf.setBackend(best.backend);
  return best;
};
