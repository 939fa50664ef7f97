/* The forward passes of the course's networks, in plain JavaScript: the numbers are those of rnnbook.numpy.

   A vector is an array of numbers, a weight {shape: [rows, columns], values: Float64Array}, row by row. The
   weights of a layer are an object of them, under the names that they have in Python: W, U, b, b_u, E, v.
   Each `step` takes the weights, one input and the state before, and returns the state after. */

"use strict";

const rnnbook = (window.rnnbook = window.rnnbook || {});
rnnbook.files = rnnbook.files || {}; // what the files of weights put here, by name

// Arithmetic

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const map = (f, ...vectors) => Array.from(vectors[0], (_, i) => f(...vectors.map((v) => v[i])));
const add = (...vectors) => map((...numbers) => numbers.reduce((sum, x) => sum + x), ...vectors);
const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const argmax = (v) => v.reduce((best, x, i) => (x > v[best] ? i : best), 0);

/** The product of a weight and a vector. */
function product(weight, x) {
  const [rows, columns] = weight.shape;
  if (x.length !== columns) throw new Error(`x must hold ${columns} numbers, got ${x.length}`);
  const y = new Array(rows).fill(0);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0, place = row * columns; column < columns; column++, place++) {
      sum += weight.values[place] * x[column];
    }
    y[row] = sum;
  }
  return y;
}

/** W x + b, where there is a bias. */
const affine = (weight, x, bias) => (bias ? add(product(weight, x), bias.values) : product(weight, x));

/** Cut a vector into so many blocks of one size: the gates. */
function blocks(x, count) {
  const size = x.length / count;
  return Array.from({ length: count }, (_, k) => Array.from(x.slice(k * size, (k + 1) * size)));
}

/** Probabilities out of scores. The largest is taken off first, so that no power overflows. */
function softmax(scores) {
  const top = Math.max(...scores);
  const powers = map((x) => Math.exp(x - top), scores);
  const sum = powers.reduce((a, b) => a + b);
  return map((x) => x / sum, powers);
}

const ACTIVATIONS = { tanh: Math.tanh, sigmoid, relu: (x) => Math.max(x, 0), identity: (x) => x };

// Layers. Sources: the modules of the same names in rnnbook.numpy.

/** f(W x + b). */
const dense = (p, x, activation = "identity") => map(ACTIVATIONS[activation], affine(p.W, x, p.b));

/** The row of an embedding. */
function embed(p, integer) {
  const size = p.E.shape[1];
  return Array.from(p.E.values.slice(integer * size, (integer + 1) * size));
}

/** Elman: h = f(W x + U h + b). State: h. */
function elmanStep(p, x, h, activation = "tanh") {
  return map(ACTIVATIONS[activation], add(affine(p.W, x, p.b), product(p.U, h)));
}

/** GRU with the reset after the product, blocks r z n. State: h. */
function gruStep(p, x, h) {
  const [xr, xz, xn] = blocks(affine(p.W, x, p.b), 3);
  const [hr, hz, hn] = blocks(affine(p.U, h, p.b_u), 3);
  const r = map(sigmoid, add(xr, hr));
  const z = map(sigmoid, add(xz, hz));
  const n = map((a, gate, m) => Math.tanh(a + gate * m), xn, r, hn);
  return map((gate, fresh, old) => (1 - gate) * fresh + gate * old, z, n, h);
}

/** LSTM, blocks i f g o. State: [h, c]. */
function lstmStep(p, x, [h, c]) {
  const [a, b, d, e] = blocks(add(affine(p.W, x, p.b), product(p.U, h)), 4);
  const cell = map((i, f, g, old) => sigmoid(f) * old + sigmoid(i) * Math.tanh(g), a, b, d, c);
  return [map((o, value) => sigmoid(o) * Math.tanh(value), e, cell), cell];
}

/** Additive attention: score_s = v · tanh(W q + U m_s). Returns the mean of the memory and its weights. */
function attend(p, query, memory) {
  const asked = product(p.W, query);
  const scores = memory.map((m) => dot(p.v.values, map(Math.tanh, add(asked, product(p.U, m)))));
  const weights = softmax(scores);
  const context = memory[0].map((_, i) => dot(weights, memory.map((m) => m[i])));
  return { context, weights };
}

/** The states after every input: the loop itself. */
function run(step, inputs, state) {
  return inputs.map((x) => (state = step(x, state)));
}

// Weights in files

/** Numbers of 16 bits, as IEEE 754 lays them out, out of base64. */
function float16(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const values = new Float64Array(bytes.length / 2);
  for (let i = 0; i < values.length; i++) {
    const bits = bytes[2 * i] | (bytes[2 * i + 1] << 8);
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : (fraction / 1024) * 2 ** -14;
    values[i] = bits >> 15 ? -size : size;
  }
  return values;
}

/** The network of a file: its layers by name, "encoder.forward.W" under "encoder.forward", and what else it says. */
function network(name) {
  const file = rnnbook.files[name];
  if (!file) throw new Error(`no weights of that name: ${name}`);
  const layers = {};
  for (const [path, { shape, values }] of Object.entries(file.weights)) {
    const cut = path.lastIndexOf(".");
    const layer = path.slice(0, cut);
    layers[layer] = layers[layer] || {};
    layers[layer][path.slice(cut + 1)] = { shape, values: float16(values) };
  }
  return { layers, about: file.about };
}

const zeros = (size) => new Array(size).fill(0);

Object.assign(rnnbook, {
  add, affine, argmax, attend, blocks, dense, dot, elmanStep, embed, float16, gruStep, lstmStep, map, network, product,
  run, sigmoid, softmax, zeros, ACTIVATIONS,
});
