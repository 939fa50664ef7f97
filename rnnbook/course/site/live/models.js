/* The models that run in the page: a classifier, a reader of digits, a translator, four voices. Each does what
   the class of the same purpose does in rnnbook.torch, with the weights of its file. */

"use strict";

(function () {
  const R = window.rnnbook;
  const [UNKNOWN, BEGIN, END] = [1, 2, 3];

  /** Names: the belief after each letter, and the hidden state there. */
  function names(net) {
    const { layers, about } = net;
    const places = new Map(about.symbols.map((symbol, i) => [symbol, i + 4]));
    const size = layers.encoder.U.shape[1];
    const step = (integer, h) => R.gruStep(layers.encoder, R.embed(layers.embedding, integer), h);
    return function read(text) {
      const letters = Array.from(text.toLowerCase().normalize("NFC").replace(/\s+/g, " ").trim());
      let h = step(BEGIN, R.zeros(size));
      return letters.map((letter) => {
        h = step(places.get(letter) ?? UNKNOWN, h);
        // Every beginning is judged as if it ended here: so the network was trained.
        const belief = R.softmax(R.dense(layers.readout, step(END, h)));
        return { letter, state: h, belief };
      });
    };
  }

  /** Digits: eight rows of eight pixels from 0 to 1; the belief after each row. */
  function digit(net) {
    const { reader, readout } = net.layers;
    return function read(rows) {
      let h = R.zeros(reader.U.shape[1]);
      return rows.map((row) => {
        h = R.gruStep(reader, row, h);
        return { state: h, belief: R.softmax(R.dense(readout, h)) };
      });
    };
  }

  /** Dates: tokens in, tokens out, and how much each token read was looked at for each token written. */
  function dates(net) {
    const { layers, about } = net;
    const places = new Map(about.source.map((symbol, i) => [symbol, i + 4]));
    const token = / ?(?:[A-Za-z]+|\d|[^\w\s])/g;
    const half = layers["encoder.forward"].U.shape[1];
    return function translate(text) {
      const tokens = (" " + text.trim()).match(token) || [];
      const unseen = tokens.find((piece) => !places.has(piece));
      if (!tokens.length || unseen !== undefined) return { tokens, unseen, written: [], weights: [] };
      const inputs = tokens.map((piece) => R.embed(layers.source, places.get(piece)));
      const forward = R.run((x, h) => R.gruStep(layers["encoder.forward"], x, h), inputs, R.zeros(half));
      const reversed = [...inputs].reverse();
      const back = R.run((x, h) => R.gruStep(layers["encoder.backward"], x, h), reversed, R.zeros(half)).reverse();
      const memory = forward.map((h, i) => [...h, ...back[i]]);
      let s = R.dense(layers.start, [...forward[forward.length - 1], ...back[0]], "tanh");
      let last = BEGIN;
      const written = [];
      const weights = [];
      while (written.length < 2 * tokens.length + 10) {
        const looked = R.attend(layers.attention, s, memory);
        s = R.gruStep(layers.decoder, [...R.embed(layers.target, last), ...looked.context], s);
        last = R.argmax(R.dense(layers.readout, [...s, ...looked.context]));
        if (last === END) break;
        written.push(last < 4 ? "?" : about.target[last - 4]);
        weights.push(looked.weights);
      }
      return { tokens, unseen: undefined, written, weights };
    };
  }

  /** Chorales: alto, tenor and bass to a soprano. Draws so many, and returns the likeliest as a whole. */
  function chorale(net) {
    const { layers, about } = net;
    const voices = ["soprano", "alto", "tenor", "bass"];
    const order = [0, 3, 1, 2];
    const { vocab_size: V, lowest } = about;
    const size = layers["memory.memory"].U.shape[1];
    const oneHot = (symbol) => Array.from({ length: V }, (_, i) => Number(i === symbol));

    function remember(frame, memory) {
      const f = R.dense(layers["memory.reader"], frame ? frame.flatMap(oneHot) : R.zeros(4 * V), "relu");
      const h = memory ? R.gruStep(layers["memory.memory"], f, memory.slice(size)) : R.gruStep(layers["memory.memory"], f, R.zeros(size));
      return [...f, ...h];
    }

    function scores(voice, frame, memory) {
      const before = order.slice(0, order.indexOf(voice)).flatMap((other) => oneHot(frame[other]));
      const name = voices[voice];
      return R.dense(layers[`${name}.readout`], R.dense(layers[`${name}.hidden`], [...memory, ...before], "relu"));
    }

    function draw(probabilities, random) {
      let left = random();
      return Math.max(0, probabilities.findIndex((p) => (left -= p) < 0));
    }

    function harmonize(melody, { samples = 6, temperature = 0.6, random = Math.random } = {}) {
      const given = melody.map((pitch) => (pitch === null ? 0 : pitch - lowest + 1));
      let best = { nats: Infinity, frames: [] };
      for (let sample = 0; sample < samples; sample++) {
        let memory = remember(null, null);
        let nats = 0;
        const frames = given.map((soprano) => {
          const frame = [soprano, 0, 0, 0];
          for (const voice of order) {
            const logits = scores(voice, frame, memory);
            if (voice) frame[voice] = draw(R.softmax(R.map((x) => x / temperature, logits)), random);
            nats -= Math.log(R.softmax(logits)[frame[voice]]);
          }
          memory = remember(frame, memory);
          return frame;
        });
        if (nats < best.nats) best = { nats, frames };
      }
      return best.frames.map((frame) => frame.map((symbol) => (symbol ? symbol - 1 + lowest : null)));
    }
    return { remember, scores, harmonize };
  }

  /** An untrained network for the gradient: d(state at the end) / d(state `lag` steps before), as a norm. */
  function gradients({ cell, activation, radius, size = 16, lags = 60, random }) {
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const weight = (rows, columns, draw) => ({ shape: [rows, columns], values: Float64Array.from({ length: rows * columns }, draw) });

    function orthogonal() {
      const rows = [];
      while (rows.length < size) {
        let row = Array.from({ length: size }, normal);
        for (const other of rows) row = R.map((x, y) => x - y * R.dot(row, other), row, other);
        const norm = Math.sqrt(R.dot(row, row));
        rows.push(row.map((x) => x / norm));
      }
      return rows.flat();
    }
    const gates = { Elman: 1, GRU: 3, LSTM: 4 }[cell];
    const p = {
      W: weight(gates * size, 1, () => 0.5 * normal()),
      U: { shape: [gates * size, size], values: Float64Array.from(Array.from({ length: gates }, orthogonal).flat(), (x) => radius * x) },
      b: { values: R.zeros(gates * size).map((_, i) => Number(cell === "LSTM" && i >= size && i < 2 * size)) },
    };
    const step = {
      Elman: (x, h) => R.elmanStep(p, x, h, activation),
      GRU: (x, h) => R.gruStep(p, x, h),
      LSTM: (x, s) => R.lstmStep(p, x, [s.slice(0, size), s.slice(size)]).flat(),
    }[cell];
    const width = cell === "LSTM" ? 2 * size : size;
    const states = [R.zeros(width)];
    const inputs = Array.from({ length: lags + 20 }, () => [normal()]);
    for (const x of inputs) states.push(step(x, states[states.length - 1]));

    // One row after another goes back through the Jacobian of each step, found by central differences.
    let rows = Array.from({ length: width }, (_, i) => Array.from({ length: width }, (_, j) => Number(i === j)));
    const norms = [];
    for (let lag = 1; lag <= lags; lag++) {
      const time = inputs.length - lag;
      const columns = Array.from({ length: width }, (_, j) => {
        const moved = (by) => step(inputs[time], states[time].map((x, i) => (i === j ? x + by : x)));
        return R.map((up, down) => (up - down) / 2e-6, moved(1e-6), moved(-1e-6));
      });
      rows = rows.map((row) => columns.map((column) => R.dot(row, column)));
      const own = rows.slice(0, size).map((row) => row.slice(width - size)); // of h; for LSTM with respect to c
      norms.push(Math.sqrt(own.flat().reduce((sum, x) => sum + x * x, 0) / size));
    }
    return norms;
  }

  Object.assign(R, { models: { names, digit, dates, chorale }, gradients });
})();
