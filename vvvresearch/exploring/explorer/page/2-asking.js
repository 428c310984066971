// What the page asks the kernel: one message a state. Answers to what was asked before are kept.

const REMEMBERED = 40;
const PATIENCE = 6000;

function asking(model, silent) {
  // Two views of one widget hear each other's answers: each has a name of its own.
  const view = Math.random().toString(36).slice(2);
  const waiting = new Map();
  const known = new Map();
  let number = 0;

  function heard(message) {
    const taken = message && waiting.get(message.id);
    if (!taken) return;
    waiting.delete(message.id);
    clearTimeout(taken.timer);
    taken.done(message.answers);
  }
  model.on("msg:custom", heard);

  return {
    async ask(questions) {
      const keys = questions.map((one) => JSON.stringify(one));
      const missing = questions.filter((one, place) => !known.has(keys[place]));
      if (missing.length) {
        const id = `${view}:${++number}`;
        const answers = await new Promise((done) => {
          waiting.set(id, { done, timer: setTimeout(silent, PATIENCE) });
          model.send({ id, ask: missing });
        });
        missing.forEach((one, place) => known.set(JSON.stringify(one), answers[place]));
      }
      const found = keys.map((key) => known.get(key));
      for (const key of known.keys()) {
        if (known.size <= REMEMBERED) break;
        known.delete(key);
      }
      return found;
    },
    // What changes something is never answered from memory, and what was remembered may be so no longer.
    async tell(question) {
      known.clear();
      const id = `${view}:${++number}`;
      const [answer] = await new Promise((done) => {
        waiting.set(id, { done, timer: setTimeout(silent, PATIENCE) });
        model.send({ id, ask: [question] });
      });
      known.clear();
      return answer;
    },
    stop() {
      model.off("msg:custom", heard);
      for (const one of waiting.values()) clearTimeout(one.timer);
      waiting.clear();
    },
  };
}
