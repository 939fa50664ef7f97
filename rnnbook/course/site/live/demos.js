/* The demonstrations: each fills an element `<div class="live" data-live="NAME">` that holds its static picture.
   Without JavaScript the picture stays. Weights come from a file beside this one, when the element comes into view. */

"use strict";

(function () {
  const R = window.rnnbook;
  const home = new URL(".", document.currentScript.src);

  // Elements

  /** An element with attributes and children; text becomes a text node. */
  function make(tag, attributes = {}, ...children) {
    const element = tag === "svg" || SHAPES.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== undefined && value !== false) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }
  const SHAPES = new Set(["path", "line", "text", "circle", "rect", "g"]);

  /** A text in the language of the page, its fields filled in. words.js holds the translations, if there are any. */
  function say(text, fields = {}) {
    const said = (R.words && R.words[text]) || text;
    return said.replace(/\{(\w+)\}/g, (_, name) => fields[name]);
  }

  const percent = (p) => `${Math.round(100 * p)} %`;
  const number = (x, digits = 2) => x.toFixed(digits);

  /** A labelled control. */
  function field(label, control) {
    return make("label", { class: "live-field" }, make("span", {}, label), control);
  }
  function slider(min, max, step, value, change) {
    return make("input", { type: "range", min, max, step, value, oninput: change });
  }
  function menu(options, change) {
    return make("select", { onchange: change }, ...options.map((name) => make("option", {}, name)));
  }

  /** A table of beliefs: a row each class, a column each step; the darker, the surer. */
  function beliefs(labels, steps, heads, caption) {
    const head = make("tr", {}, make("td"), ...heads.map((text) => make("th", { scope: "col" }, text)));
    const body = labels.map((label, i) =>
      make("tr", {}, make("th", { scope: "row" }, label), ...steps.map((belief) => {
        const cell = make("td", { title: `${label}: ${percent(belief[i])}` }, belief[i] >= 0.1 ? String(Math.round(100 * belief[i])) : "");
        cell.style.setProperty("--share", belief[i]);
        return cell;
      })));
    return make("div", { class: "live-scroll", tabindex: 0, role: "group", "aria-label": caption },
      make("table", { class: "live-beliefs" }, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...body)));
  }

  /** The hidden state as a strip: a column each step, a row each unit; blue below zero, orange above. */
  function strip(states, description) {
    const [width, height] = [Math.max(1, states.length), states.length ? states[0].length : 1];
    const canvas = make("canvas", { width, height, class: "live-strip", role: "img", "aria-label": description });
    const context = canvas.getContext("2d");
    states.forEach((state, x) => state.forEach((value, y) => {
      const share = Math.min(1, Math.abs(value));
      context.fillStyle = value < 0 ? `rgba(0, 114, 178, ${share})` : `rgba(213, 94, 0, ${share})`;
      context.fillRect(x, y, 1, 1);
    }));
    return canvas;
  }

  /** A diagram: lines of points in the units of its axes. */
  function diagram({ xs, ys, lines, xlabel, ylabel, marks = [], description, xticks, yticks }) {
    const [width, height, left, bottom, top, right] = [460, 260, 52, 40, 12, 16];
    const px = (x) => left + ((x - xs[0]) / (xs[1] - xs[0])) * (width - left - right);
    const py = (y) => height - bottom - ((Math.min(Math.max(y, ys[0]), ys[1]) - ys[0]) / (ys[1] - ys[0])) * (height - bottom - top);
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": description, class: "live-diagram" });
    for (const [y, text] of yticks) {
      svg.append(make("line", { x1: left, x2: width - right, y1: py(y), y2: py(y), class: "live-grid" }));
      svg.append(make("text", { x: left - 6, y: py(y) + 4, "text-anchor": "end" }, text));
    }
    for (const [x, text] of xticks) svg.append(make("text", { x: px(x), y: height - bottom + 16, "text-anchor": "middle" }, text));
    svg.append(make("text", { x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle" }, xlabel));
    svg.append(make("text", { x: 12, y: (height - bottom + top) / 2, transform: `rotate(-90 12 ${(height - bottom + top) / 2})`, "text-anchor": "middle" }, ylabel));
    for (const { points, kind, dots } of lines) {
      const path = points.map(([x, y], i) => `${i ? "L" : "M"}${px(x).toFixed(1)} ${py(y).toFixed(1)}`).join("");
      svg.append(make("path", { d: path, class: `live-line live-${kind}` }));
      if (dots) for (const [x, y] of points) svg.append(make("circle", { cx: px(x), cy: py(y), r: 2.5, class: `live-dot live-${kind}` }));
    }
    for (const { x, y, kind, text } of marks) {
      svg.append(make("circle", { cx: px(x), cy: py(y), r: 6, class: `live-mark live-${kind}` }));
      if (text) svg.append(make("text", { x: px(x) + 10, y: py(y) + 16, class: "live-note" }, text));
    }
    return svg;
  }

  // Demonstrations: each gets its element and, where it has one, its network

  const demos = {};

  demos.names = function (root, net) {
    const read = R.models.names(net);
    const labels = net.about.languages.map((name) => say(name));
    const input = make("input", { type: "text", value: "kazajistán", maxlength: 40, autocomplete: "off", spellcheck: "false", oninput: update });
    const said = make("p", { class: "live-said", "aria-live": "polite" });
    const shown = make("div");
    root.append(field(say("Type a name or a word"), input), said, shown);

    function update() {
      const steps = read(input.value);
      shown.replaceChildren();
      if (!steps.length) return (said.textContent = say("Nothing was read yet."));
      const last = steps[steps.length - 1].belief;
      const order = [...labels.keys()].sort((a, b) => last[b] - last[a]);
      const [first, second] = order;
      said.textContent = say("After {count} letters: {first} {share}, then {second} {rest}.", {
        count: steps.length, first: labels[first], share: percent(last[first]), second: labels[second], rest: percent(last[second]),
      });
      const six = order.slice(0, 6);
      shown.append(
        beliefs(six.map((i) => labels[i]), steps.map(({ belief }) => six.map((i) => belief[i])), steps.map(({ letter }) => (letter === " " ? "␣" : letter)), say("What the network believes after each letter, in percent")),
        make("p", { class: "live-caption" }, say("The hidden state: {size} numbers after each letter, blue below zero, orange above.", { size: steps[0].state.length })),
        strip(steps.map(({ state }) => state), say("The hidden state after each of {count} letters, as colours.", { count: steps.length })),
      );
    }
    update();
  };

  demos.digit = function (root, net) {
    const read = R.models.digit(net);
    let pixels = R.zeros(64);
    const said = make("p", { class: "live-said", "aria-live": "polite" });
    const shown = make("div");
    const cells = pixels.map((_, i) => make("button", { type: "button", role: "gridcell", tabindex: i ? -1 : 0, "aria-label": say("row {row}, column {column}", { row: Math.floor(i / 8) + 1, column: (i % 8) + 1 }), "aria-selected": "false" }));
    const rows = Array.from({ length: 8 }, (_, r) => make("div", { role: "row" }, ...cells.slice(8 * r, 8 * r + 8)));
    const grid = make("div", { class: "live-pixels", role: "grid", "aria-label": say("Eight by eight pixels: arrow keys move, space draws") }, ...rows);

    let pen = null; // what a stroke of the pointer writes
    const set = (i, value) => ((pixels[i] = value), update());
    grid.addEventListener("pointerdown", (event) => {
      const i = cells.indexOf(event.target);
      if (i < 0) return;
      event.preventDefault();
      event.target.focus();
      set(i, (pen = pixels[i] > 0.5 ? 0 : 1));
    });
    grid.addEventListener("pointermove", (event) => {
      const i = cells.indexOf(document.elementFromPoint(event.clientX, event.clientY));
      if (pen !== null && i >= 0 && pixels[i] !== pen) set(i, pen);
    });
    window.addEventListener("pointerup", () => (pen = null));
    grid.addEventListener("keydown", (event) => {
      const i = cells.indexOf(event.target);
      const to = { ArrowLeft: i % 8 ? i - 1 : i, ArrowRight: i % 8 < 7 ? i + 1 : i, ArrowUp: i - 8, ArrowDown: i + 8 }[event.key];
      if (event.key === " " || event.key === "Enter") set(i, pixels[i] > 0.5 ? 0 : 1);
      else if (to === undefined) return;
      else if (cells[to]) {
        cells.forEach((cell, place) => (cell.tabIndex = place === to ? 0 : -1));
        cells[to].focus();
      }
      event.preventDefault();
    });
    const examples = make("div", { class: "live-buttons" }, ...net.about.examples.map(({ label, pixels: values }) =>
      make("button", { type: "button", onclick: () => ((pixels = values.map((x) => x / 16)), update()), "aria-label": say("show a written {digit}", { digit: label }) }, String(label))),
      make("button", { type: "button", onclick: () => ((pixels = R.zeros(64)), update()) }, say("clear")));
    root.append(make("div", { class: "live-beside" }, make("div", {}, grid, make("p", { class: "live-caption" }, say("Draw, or take a digit that the network never saw:")), examples), make("div", {}, said, shown)));

    function update() {
      cells.forEach((cell, i) => {
        cell.style.setProperty("--share", pixels[i]);
        cell.setAttribute("aria-selected", String(pixels[i] > 0.5));
      });
      const steps = read(Array.from({ length: 8 }, (_, r) => pixels.slice(8 * r, 8 * r + 8)));
      const last = steps[7].belief;
      said.textContent = pixels.some(Boolean) ? say("After the eighth row: it is a {digit}, {share}.", { digit: R.argmax(last), share: percent(Math.max(...last)) }) : say("Nothing is drawn yet.");
      shown.replaceChildren(beliefs([...Array(10).keys()].map(String), steps.map((s) => s.belief), steps.map((_, i) => `${i + 1}`), say("What the network believes after each row, in percent")));
    }
    pixels = net.about.examples[3].pixels.map((x) => x / 16);
    update();
  };

  demos.weight = function (root) {
    const steps = 40;
    const u = slider(-2, 2, 0.05, 0.9, update);
    const w = slider(-3, 3, 0.1, 1, update);
    const f = menu(["identity", "tanh", "relu"], update);
    const said = make("p", { class: "live-said", "aria-live": "polite" });
    const shown = make("div", { class: "live-beside" });
    root.append(make("div", { class: "live-controls" }, field(say("recurrent weight u"), u), field(say("input weight w"), w), field(say("activation f"), f)), said, shown);

    function behaviour(h, weight, name) {
      const last = h[steps - 1];
      if (Math.abs(last) > 25) return say("it explodes");
      if (Math.abs(last) < 0.01) return weight < 0 && name !== "relu" ? say("it swings, and vanishes") : say("it vanishes");
      if (Math.abs(last - h[steps - 2]) < 1e-3) return name === "tanh" ? say("it decides, and holds one of two values") : say("it holds");
      if (last * h[steps - 2] < 0) return say("it swings");
      return Math.abs(last) > Math.abs(h[0]) ? say("it grows") : say("it fades slowly");
    }

    function update() {
      const [weight, push, name] = [Number(u.value), Number(w.value), f.value];
      const p = { W: { shape: [1, 1], values: [push] }, U: { shape: [1, 1], values: [weight] }, b: { values: [0] } };
      const inputs = Array.from({ length: steps }, (_, t) => [Number(t === 0)]);
      const h = R.run((x, s) => R.elmanStep(p, x, s, name), inputs, [0]).map(([value]) => value);
      const act = R.ACTIVATIONS[name];
      said.textContent = say("u = {u}, w = {w}, {f}: {behaviour}. The last state is {state}.", {
        u: number(weight), w: number(push, 1), f: name, behaviour: behaviour(h, weight, name), state: Number(h[steps - 1].toPrecision(3)),
      });
      const curve = Array.from({ length: 121 }, (_, i) => -1.5 + i * 0.025);
      const rest = [];
      for (let i = 0; i + 1 < curve.length; i++) {
        const [a, b] = [act(weight * curve[i]) - curve[i], act(weight * curve[i + 1]) - curve[i + 1]];
        if (Math.abs(a) > 1e-9 && a * b < 0) rest.push(curve[i] + (0.025 * a) / (a - b));
        else if (Math.abs(a) <= 1e-9 && Math.abs(b) > 1e-9) rest.push(curve[i]);
      }
      const places = [...new Set(rest.map((x) => (Math.abs(x) < 0.013 ? 0 : x)))].slice(0, 3);
      const nowhere = say("no single point");
      const slope = (x) => Math.abs((act(weight * (x + 1e-4)) - act(weight * (x - 1e-4))) / 2e-4);
      const axis = [[-1, "-1"], [0, "0"], [1, "1"]];
      shown.replaceChildren(
        diagram({ xs: [1, steps], ys: [-1.5, 1.5], xticks: [[1, "1"], [10, "10"], [20, "20"], [30, "30"], [40, "40"]], yticks: axis, xlabel: say("step"), ylabel: say("state h"), description: said.textContent, lines: [{ points: h.map((y, t) => [t + 1, y]), kind: "one", dots: true }] }),
        diagram({ xs: [-1.5, 1.5], ys: [-1.5, 1.5], xticks: axis, yticks: axis, xlabel: say("state before"), ylabel: say("state after"), description: say("The curve of the state after against the state before meets the diagonal at {points}.", { points: places.map((x) => number(x)).join(", ") || nowhere }),
          lines: [{ points: [[-1.5, -1.5], [1.5, 1.5]], kind: "theory" }, { points: curve.map((x) => [x, act(weight * x)]), kind: "one" }],
          marks: places.map((x) => ({ x, y: x, kind: slope(x) < 1 ? "full" : "empty", text: slope(x) < 1 ? say("draws in") : say("pushes away") })) }),
      );
    }
    update();
  };

  demos.gradient = function (root) {
    const cell = menu(["Elman", "GRU", "LSTM"], update);
    const f = menu(["tanh", "identity", "relu"], update);
    const r = slider(0.5, 1.5, 0.05, 0.9, update);
    const said = make("p", { class: "live-said", "aria-live": "polite" });
    const shown = make("div");
    root.append(make("div", { class: "live-controls" }, field(say("network"), cell), field(say("activation (Elman)"), f), field(say("radius of U"), r)), said, shown);

    function update() {
      const radius = Number(r.value);
      f.disabled = cell.value !== "Elman";
      let seed = 1; // the same weights at every place of the slider
      const random = () => ((seed = (seed * 16807) % 2147483647) - 1) / 2147483646;
      const norms = R.gradients({ cell: cell.value, activation: f.value, radius, random });
      const logs = norms.map((x) => Math.log10(Math.max(x, 1e-12)));
      const end = norms[norms.length - 1];
      said.textContent = say("{network}, radius {radius}: over 60 steps the gradient is multiplied by {factor}.", {
        network: cell.value, radius: number(radius), factor: end === 0 ? "0" : end.toExponential(1),
      });
      const ticks = [-12, -8, -4, 0, 4, 8, 12].map((y) => [y, `1e${y}`]);
      const lines = [{ points: logs.map((y, i) => [i + 1, y]), kind: "one", dots: false }];
      if (cell.value === "Elman") lines.unshift({ points: [[0, 0], [60, 60 * Math.log10(radius)]], kind: "theory" });
      shown.replaceChildren(
        diagram({ xs: [0, 60], ys: [-12, 12], xticks: [[0, "0"], [20, "20"], [40, "40"], [60, "60"]], yticks: ticks, xlabel: say("lag: steps into the past"), ylabel: say("size of the gradient"), description: said.textContent, lines }),
        make("p", { class: "live-caption" }, {
          Elman: say("Blue: the gradient of the last state with respect to the state so many steps before. Grey, dashed: the radius to the power of the lag."),
          GRU: say("The gradient of the last state with respect to the state so many steps before."),
          LSTM: say("The gradient of the last state with respect to the cell so many steps before."),
        }[cell.value]),
      );
    }
    update();
  };

  demos.dates = function (root, net) {
    const translate = R.models.dates(net);
    const input = make("input", { type: "text", value: net.about.examples[0], maxlength: 60, autocomplete: "off", spellcheck: "false", oninput: update });
    const examples = make("div", { class: "live-buttons" }, ...net.about.examples.map((text) => make("button", { type: "button", onclick: () => ((input.value = text), update()) }, text)));
    const said = make("p", { class: "live-said", "aria-live": "polite" });
    const shown = make("div");
    root.append(field(say("A date in English"), input), examples, said, shown);

    function update() {
      const { tokens, unseen, written, weights } = translate(input.value);
      shown.replaceChildren();
      if (!tokens.length) return (said.textContent = say("Write a date, such as {example}.", { example: net.about.examples[0] }));
      if (unseen !== undefined) return (said.textContent = say("\"{unseen}\" never stood in what the network learned from. It knows full dates, times of the day and the short names of months.", { unseen: unseen.trim() }));
      said.replaceChildren(say("In Chinese:"), " ", make("strong", { lang: "zh" }, written.join("")));
      const columns = written.map((_, t) => weights[t]);
      shown.append(beliefs(tokens.map((t) => t.trim()), columns, written, say("Where the network looked (rows: read) for each sign that it wrote (columns), in percent")));
    }
    update();
  };

  demos.chorale = function (root, net) {
    const { harmonize } = R.models.chorale(net);
    const scale = [60, 62, 64, 65, 67, 69, 71, 72, 74, 76];
    const names = ["C4", "D4", "E4", "F4", "G4", "A4", "B4", "C5", "D5", "E5"];
    const colours = ["one", "two", "three", "four"];
    const melody = [...net.about.melody];
    let frames = [];
    const controls = melody.map((pitch, beat) => {
      const select = make("select", { "aria-label": say("beat {number}", { number: beat + 1 }), onchange: () => ((melody[beat] = scale[select.selectedIndex]), clear()) }, ...names.map((name) => make("option", {}, name)));
      select.selectedIndex = scale.indexOf(pitch);
      return select;
    });
    const go = make("button", { type: "button", onclick: work }, say("harmonise"));
    const play = make("button", { type: "button", onclick: sound, disabled: "" }, say("play"));
    const said = make("p", { class: "live-said", "aria-live": "polite" }, say("Choose a note for each beat, then let the network find three voices below it."));
    const shown = make("div");
    root.append(make("div", { class: "live-melody", role: "group", "aria-label": say("the melody") }, ...controls), make("div", { class: "live-buttons" }, go, play), said, shown);

    function clear() {
      frames = [];
      play.disabled = true;
      draw(melody.map((pitch) => [pitch]));
    }
    function draw(rows) {
      const silence = say("rest");
      const lines = [];
      rows.forEach((frame, t) => frame.forEach((pitch, voice) => {
        if (pitch !== null) lines.push({ points: [[t + 0.08, pitch], [t + 0.92, pitch]], kind: colours[voice] + " live-note-line" });
      }));
      shown.replaceChildren(diagram({ xs: [0, melody.length], ys: [36, 84], lines, xlabel: say("beat"), ylabel: say("pitch"), xticks: [[0, "1"], [4, "5"], [8, "9"], [12, "13"]], yticks: [[36, "C2"], [48, "C3"], [60, "C4"], [72, "C5"], [84, "C6"]], description: rows[0].length > 1 ? say("Four voices over the beats: {voices}", { voices: rows.map((f) => f.map((p) => p ?? silence).join(" ")).join(", ") }) : say("The melody alone.") }));
    }
    function work() {
      said.textContent = say("The network is at work.");
      setTimeout(() => {
        frames = harmonize(melody);
        draw(frames);
        play.disabled = false;
        said.textContent = say("Soprano given; alto, tenor and bass by the network: the likeliest of six draws. Each press draws anew.");
      }, 30);
    }
    function sound() {
      const context = new (window.AudioContext || window.webkitAudioContext)();
      frames.forEach((frame, t) => frame.forEach((pitch) => {
        if (pitch === null) return;
        const [at, tone, level] = [context.currentTime + 0.1 + 0.6 * t, context.createOscillator(), context.createGain()];
        tone.type = "triangle";
        tone.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
        level.gain.setValueAtTime(0, at);
        level.gain.linearRampToValueAtTime(0.12, at + 0.03);
        level.gain.linearRampToValueAtTime(0, at + 0.58);
        tone.connect(level).connect(context.destination);
        tone.start(at);
        tone.stop(at + 0.6);
      }));
    }
    clear();
  };

  const WITHOUT_NETWORK = ["weight", "gradient"];

  /** Load the weights that an element needs, then fill it. Its picture gives way when all went well. */
  function start(root) {
    const name = root.dataset.live;
    const fill = () => {
      const place = make("div");
      demos[name](place, WITHOUT_NETWORK.includes(name) ? undefined : R.network(name));
      root.querySelector(".live-picture")?.remove();
      root.append(place);
      root.dataset.state = "ready";
    };
    if (WITHOUT_NETWORK.includes(name) || R.files[name]) return fill();
    document.head.append(make("script", { src: new URL(`weights/${name}.js`, home).href, onload: fill }));
  }

  function find() {
    const elements = [...document.querySelectorAll(".live[data-live]")];
    const watch = new IntersectionObserver((entries) => entries.forEach((entry) => {
      if (!entry.isIntersecting) return;
      watch.unobserve(entry.target);
      start(entry.target);
    }), { rootMargin: "400px" });
    elements.forEach((element) => watch.observe(element));
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", find);
  else find();
})();
