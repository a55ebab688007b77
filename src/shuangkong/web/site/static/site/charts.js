// Draws each [data-chart] from the JSON beside it. Tooltips are drawn on the canvas: the page's policy allows no inline style.
"use strict";
(() => {
  const FONT = getComputedStyle(document.documentElement).fontFamily;
  const INK = "#1c2530", SOFT = "#55606c", LINE = "#d8dee5", ACCENT = "#1553a0";
  const LEVELS = { met: "#2e7d52", ahead: "#2e7d52", on_schedule: "#6aa884", behind: "#d9a441", missed: "#c8473f", unjudged: "#b9c2cc", no_data: "#dfe4ea", level_1: "#c8473f", level_2: "#d9a441", level_3: "#2e7d52", level_none: "#dfe4ea" };
  const BANDS = ["#dce8f6", "#b4cfec", "#85b0de", "#5590cd", "#2f6fb3"];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches || matchMedia("print").matches;
  const base = { animation: !still, textStyle: { fontFamily: FONT, color: INK }, tooltip: { renderMode: "richText", confine: true } };

  function course(data) {
    const years = data.points.map((point) => point.year);
    const series = (name, key, more) => ({ name, type: "line", data: data.points.map((point) => point[key]), connectNulls: false, ...more });
    return {
      ...base,
      tooltip: { ...base.tooltip, trigger: "axis", valueFormatter: (value) => (value === null || value === undefined ? "—" : `${value}${data.unit}`) },
      legend: { bottom: 0, textStyle: { color: INK }, itemWidth: 28 },
      grid: { left: 8, right: 24, top: 34, bottom: 36, containLabel: true },
      xAxis: { type: "category", data: years, axisLine: { lineStyle: { color: SOFT } }, axisLabel: { color: SOFT } },
      yAxis: { type: "value", name: data.unit, scale: !data.from_zero, nameTextStyle: { color: SOFT, align: "left" }, axisLabel: { color: SOFT }, splitLine: { lineStyle: { color: LINE } } },
      series: [
        series(data.labels.due, "due", { symbol: "emptyCircle", symbolSize: 6, lineStyle: { type: "dashed", color: SOFT, width: 2 }, itemStyle: { color: SOFT } }),
        series(data.labels.reached, "reached", {
          symbol: "circle", symbolSize: 8, lineStyle: { color: ACCENT, width: 2.5 }, itemStyle: { color: ACCENT },
          labelLayout: { hideOverlap: true },
          label: { show: true, color: INK, position: "top", formatter: (item) => String(item.value) },
          markLine: data.target === null ? undefined : { symbol: "none", silent: true, lineStyle: { color: INK, type: "solid", width: 1 }, label: { formatter: data.labels.target, position: "insideEndTop", color: INK }, data: [{ yAxis: data.target }] },
        }),
        ...(data.has_forecast ? [
          series(data.labels.forecast, "forecast", { symbol: "none", lineStyle: { type: "dashed", color: ACCENT, width: 2 }, itemStyle: { color: ACCENT } }),
          ...["low", "high"].map((edge) => series(data.labels[edge], edge, { symbol: "none", lineStyle: { type: "dotted", color: ACCENT, width: 1 }, itemStyle: { color: ACCENT } })),
        ] : []),
      ],
    };
  }

  // The key of a map is the legend of an unseen pie: unlike that of a visual map it goes on in a new line.
  const KEY = { sign: 18, gap: 12, line: 22, size: 12 };
  function below(words, width) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${KEY.size}px ${FONT}`;
    let lines = 1, used = 0;
    for (const text of words) {
      const taken = KEY.sign + 5 + pen.measureText(text).width + KEY.gap;
      if (used && used + taken > width) { lines += 1; used = 0; }
      used += taken;
    }
    return lines * KEY.line + 18;
  }

  async function map(data, width) {
    const outlines = await (await fetch(data.outlines)).json();
    outlines.features.forEach((feature) => { feature.properties = { name: feature.properties.name, code: String(feature.id ?? feature.properties.id) }; });
    echarts.registerMap(data.outlines, outlines);
    const used = data.order.filter((level) => data.regions.some((region) => region.level === level));
    const key = used.map((level) => ({ value: data.order.indexOf(level), label: data.words[level], color: data.is_judged ? LEVELS[level] : BANDS[parseInt(level, 10) - 1] }));
    return {
      ...base,
      tooltip: { ...base.tooltip, formatter: (item) => (item.data ? `${item.data.title}\n${item.data.words}` : item.name) },
      visualMap: { type: "piecewise", show: false, seriesIndex: 0, dimension: 0, pieces: key },
      legend: { left: 0, bottom: 8, padding: 0, selectedMode: false, icon: "rect", itemWidth: KEY.sign, itemHeight: 12, itemGap: KEY.gap, textStyle: { color: INK, fontSize: KEY.size }, data: key.map((each) => each.label) },
      series: [{
        type: "map", map: data.outlines, nameProperty: "code", roam: false, selectedMode: false, showLegendSymbol: false, top: 8, bottom: below(key.map((each) => each.label), width),
        itemStyle: { borderColor: "#fff", borderWidth: 1, areaColor: "#eef1f4" },
        labelLayout: { hideOverlap: true },
        label: { show: true, color: INK, fontSize: 11, formatter: (item) => (item.data ? item.data.short : "") },
        emphasis: { itemStyle: { areaColor: null, borderColor: INK, borderWidth: 2 }, label: { color: INK } },
        data: data.regions.map((region) => ({ name: region.code, value: region.level ? data.order.indexOf(region.level) : NaN, ...region })),
      }, {
        type: "pie", radius: 0, silent: true, label: { show: false }, labelLine: { show: false },
        data: key.map((each) => ({ name: each.label, value: 1, itemStyle: { color: each.color } })),
      }],
    };
  }

  // Several series over the same categories: told apart by sign and dash as well as by colour.
  const HUES = [SOFT, ACCENT, "#b3541e", "#2e7d52", "#7a4ca0", "#8a6d00"];
  const SIGNS = ["emptyCircle", "circle", "triangle", "rect", "diamond", "pin"];
  function lines(data) {
    return {
      ...base,
      tooltip: { ...base.tooltip, trigger: "axis", valueFormatter: (value) => (value === null || value === undefined ? "—" : `${value} ${data.unit}`) },
      legend: { bottom: 0, textStyle: { color: INK }, itemWidth: 28 },
      grid: { left: 8, right: 24, top: 34, bottom: data.series.length > 3 ? 60 : 36, containLabel: true },
      xAxis: { type: data.is_lying ? "value" : "category", ...(data.is_lying ? {} : { data: data.categories }), axisLine: { lineStyle: { color: SOFT } }, axisLabel: { color: SOFT }, splitLine: { lineStyle: { color: LINE } } },
      yAxis: { type: data.is_lying ? "category" : "value", ...(data.is_lying ? { data: data.categories, inverse: true } : { name: data.unit, scale: !data.from_zero }), nameTextStyle: { color: SOFT, align: "left" }, axisLabel: { color: data.is_lying ? INK : SOFT }, splitLine: { lineStyle: { color: LINE } } },
      series: data.series.map((each, number) => ({
        name: each.name, type: data.is_lying || each.is_bar ? "bar" : "line", stack: data.is_lying ? "all" : undefined, data: each.values,
        symbol: SIGNS[number % SIGNS.length], symbolSize: 8, showAllSymbol: true, barMaxWidth: 22, connectNulls: Boolean(each.is_joined),
        lineStyle: { type: each.is_dashed ? "dashed" : "solid", width: each.is_points ? 0 : 2.2, color: HUES[number % HUES.length] },
        itemStyle: { color: HUES[number % HUES.length], ...(data.is_lying && number === 0 ? { decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: 0.8, color: "rgba(255,255,255,.5)" } } : {}) },
      })),
    };
  }

  const STAGES = { source: "#4a7a9c", energy: "#1553a0", conversion: "#8a6d1f", use: "#2e7d52", out: "#76808b", loss: "#a3423b", difference: "#55606c" };
  function sankey(data) {
    const labels = Object.fromEntries(data.nodes.map((node) => [node.name, node.label]));
    const amount = (value) => `${Number(value.toFixed(2))} ${data.unit}`;
    return {
      ...base,
      tooltip: { ...base.tooltip, formatter: (item) => (item.dataType === "edge" ? `${labels[item.data.source]} → ${labels[item.data.target]}\n${amount(item.data.value)}` : `${labels[item.name]}\n${amount(item.value)}`) },
      series: [{
        type: "sankey", left: 8, right: 150, top: 12, bottom: 12, nodeGap: 12, nodeWidth: 14, draggable: false, emphasis: { focus: "adjacency" },
        data: data.nodes.map((node) => ({ name: node.name, itemStyle: { color: STAGES[node.stage] } })),
        links: data.links,
        lineStyle: { color: "source", opacity: 0.32, curveness: 0.5 },
        label: { color: INK, fontSize: 12, formatter: (item) => labels[item.name] },
      }],
    };
  }

  function stacked(data) {
    const decals = [null, { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: 0.8, color: "rgba(255,255,255,.55)" }];
    return {
      ...base,
      tooltip: { ...base.tooltip, trigger: "axis", valueFormatter: (value) => (value === null || value === undefined ? "—" : `${Number(value.toFixed(2))} ${data.unit}`) },
      legend: { bottom: 0, textStyle: { color: INK } },
      grid: { left: 8, right: 24, top: 34, bottom: 64, containLabel: true },
      xAxis: { type: "category", data: data.categories, axisLine: { lineStyle: { color: SOFT } }, axisLabel: { color: SOFT } },
      yAxis: { type: "value", name: data.unit, nameTextStyle: { color: SOFT, align: "left" }, axisLabel: { color: SOFT }, splitLine: { lineStyle: { color: LINE } } },
      series: data.series.map((each, number) => ({
        name: each.name, type: "bar", stack: "all", data: each.values, barMaxWidth: 56,
        itemStyle: { color: HUES[number % HUES.length], decal: decals[number % 2] ?? undefined, borderColor: "#fff", borderWidth: 1 },
      })),
    };
  }

  // Places as points, over outlines where there are any: told apart by sign as well as by colour. How each stands is
  // told apart from where it is: a digit of its group in `states`, its open alarms in `open`; only these are renewed.
  const MARKS = { missed: "rect", behind: "triangle", no_data: "emptyCircle", on_schedule: "circle", unjudged: "emptyDiamond" };
  function standing(data) {
    const points = data.groups.map(() => []);
    const [before, after] = data.href;
    data.points.forEach(([x, y, name, number], at) => {
      const group = Number(data.states[at]);
      points[group].push({ value: [x, y], name, words: `${data.groups[group].name} ${data.open[at] ?? ""}`.trim(), href: `${before}${number}${after}` });
    });
    return data.groups.flatMap((group, at) => (points[at].length ? [{
      id: at, name: group.name, type: "scatter", coordinateSystem: data.outlines ? "geo" : "cartesian2d", symbolSize: 14,
      symbol: MARKS[group.level] ?? "circle", itemStyle: { color: LEVELS[group.level] ?? SOFT, borderColor: INK, borderWidth: 0.5 }, data: points[at],
    }] : []));
  }

  async function places(data) {
    if (data.outlines) {
      const outlines = await (await fetch(data.outlines)).json();
      outlines.features.forEach((feature) => { feature.properties = { name: String(feature.properties.name) }; });
      echarts.registerMap(data.outlines, outlines);
    }
    const edge = (which, far) => { const found = data.points.map((each) => each[which]); const low = Math.min(...found), high = Math.max(...found), room = Math.max(0.02, (high - low) * 0.15); return far ? high + room : low - room; };
    const axis = (which) => ({ type: "value", min: edge(which, false), max: edge(which, true), show: false });
    const ground = data.outlines
      ? { geo: { map: data.outlines, roam: false, top: 8, bottom: 40, itemStyle: { areaColor: "#eef1f4", borderColor: "#fff" }, emphasis: { disabled: true }, label: { show: true, color: SOFT, fontSize: 11 } } }
      : { grid: { left: 20, right: 20, top: 8, bottom: 40 }, xAxis: axis(0), yAxis: axis(1) };
    return {
      ...base, ...ground, animation: false,
      tooltip: { ...base.tooltip, formatter: (item) => `${item.data.name}\n${item.data.words}` },
      legend: { left: 0, bottom: 8, textStyle: { color: INK } },
      series: standing(data),
    };
  }

  // News of a map that is drawn: beside the page's other news lies how its points stand now.
  function renew(holder) {
    const news = document.getElementById(`${holder.dataset.chart}-news`);
    if (!news) return;
    const data = { ...JSON.parse(document.getElementById(holder.dataset.chart).textContent), ...JSON.parse(news.textContent) };
    echarts.getInstanceByDom(holder).setOption({ series: standing(data) }, { replaceMerge: ["series"] });
  }

  // Values over time; gaps stay gaps. Limits are lines across, told by their words.
  function curve(data) {
    return {
      ...base, animation: false,
      tooltip: { ...base.tooltip, trigger: "axis", valueFormatter: (value) => (value === null || value === undefined ? "—" : `${value} ${data.unit}`) },
      legend: { bottom: 0, textStyle: { color: INK }, itemWidth: 28 },
      grid: { left: 8, right: 24, top: 34, bottom: 36, containLabel: true },
      dataZoom: [{ type: "inside" }],
      xAxis: { type: "time", axisLine: { lineStyle: { color: SOFT } }, axisLabel: { color: SOFT, hideOverlap: true, formatter: { day: "{MM}-{dd}", month: "{yyyy}-{MM}", hour: "{HH}:{mm}" } } },
      yAxis: { type: "value", max: data.most ?? undefined, name: data.unit, nameTextStyle: { color: SOFT, align: "left" }, axisLabel: { color: SOFT }, splitLine: { lineStyle: { color: LINE } } },
      series: data.series.map((each, number) => ({
        name: each.name, type: "line", clip: true, data: each.values, connectNulls: false, symbol: each.is_points ? SIGNS[number % SIGNS.length] : "none", symbolSize: 7,
        lineStyle: { type: each.is_dashed ? "dashed" : "solid", width: each.is_points ? 0 : 1.8, color: HUES[(number + 1) % HUES.length] }, itemStyle: { color: HUES[(number + 1) % HUES.length] },
        markLine: number === 0 && data.limits.length ? { symbol: "none", silent: true, lineStyle: { color: "#c8473f", type: "dashed" }, label: { formatter: (item) => item.name, color: INK, position: "insideEndTop" }, data: data.limits.map((limit) => ({ yAxis: limit.value, name: limit.name })) } : undefined,
      })),
    };
  }

  const BUILDERS = { course, curve, lines, map, places, sankey, stacked };

  // A picture leaves the page, so it carries what the page says around it: title above, caption below.
  function picture(chart, save) {
    const drawn = chart.getRenderedCanvas({ pixelRatio: 2, backgroundColor: "#fff" });
    const caption = document.getElementById(save.getAttribute("aria-describedby"));
    const below = [...caption.querySelectorAll("span")].map((each) => each.textContent.trim()).filter(Boolean);
    const sheet = document.createElement("canvas"), pen = sheet.getContext("2d");
    const margin = 32, title = 34, small = 24, room = drawn.width - 2 * margin;
    pen.font = `${small}px ${FONT}`;
    const lines = below.flatMap((text) => folded(pen, text, room));
    pen.font = `600 ${title}px ${FONT}`;
    const heads = folded(pen, save.dataset.title, room);
    const top = margin + heads.length * title * 1.4;
    sheet.width = drawn.width;
    sheet.height = top + drawn.height + margin + lines.length * small * 1.5 + margin / 2;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.drawImage(drawn, 0, top);
    pen.fillStyle = INK;
    pen.font = `600 ${title}px ${FONT}`;
    heads.forEach((text, number) => pen.fillText(text, margin, margin + title * (0.9 + 1.4 * number)));
    pen.fillStyle = SOFT;
    pen.font = `${small}px ${FONT}`;
    lines.forEach((text, number) => pen.fillText(text, margin, top + drawn.height + margin + small * 1.5 * number));
    return sheet.toDataURL("image/png");
  }

  function folded(pen, text, room) {
    const lines = [""];
    for (const letter of text) {
      if (pen.measureText(lines.at(-1) + letter).width > room) lines.push("");
      lines[lines.length - 1] += letter;
    }
    return lines;
  }

  async function draw(holder) {
    holder.dataset.drawn = "begun";
    const data = JSON.parse(document.getElementById(holder.dataset.chart).textContent);
    const chart = echarts.init(holder, null, { renderer: "canvas", devicePixelRatio: Math.max(2, devicePixelRatio) });
    const option = await BUILDERS[holder.dataset.kind](data, holder.clientWidth);
    chart.setOption(option);
    chart.on("click", (item) => { if (item.data && item.data.href) location.assign(item.data.href); });
    new ResizeObserver(() => {
      chart.resize();
      if (holder.dataset.kind === "map") chart.setOption({ series: [{ bottom: below(option.legend.data, holder.clientWidth) }] });
    }).observe(holder);
    const save = document.querySelector(`[data-save="${holder.dataset.chart}"]`);
    if (save) save.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = picture(chart, save);
      link.download = `${save.dataset.name}.png`;
      link.click();
    });
    if (holder.dataset.kind === "places") renew(holder); // what came meanwhile
    holder.dataset.drawn = "yes";
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-chart]").forEach(draw));
  // Parts of a page that renew themselves bring their charts with them.
  ["htmx:beforeSwap", "htmx:oobBeforeSwap"].forEach((name) => document.addEventListener(name, (event) => event.detail.target.querySelectorAll("[data-drawn]").forEach((each) => echarts.dispose(each))));
  document.addEventListener("htmx:afterSwap", () => { // what was swapped whole is no longer its target
    document.querySelectorAll("[data-kind=places][data-drawn=yes]").forEach(renew);
    document.querySelectorAll("[data-chart]:not([data-drawn])").forEach(draw);
  });
})();
