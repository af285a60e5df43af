// What the pages of all fakes do alike: draw /state after each change, and post what is done to /act.
export const byId = (id) => document.getElementById(id);

export const element = (tag, given = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...children.flat().filter((child) => child !== null && child !== false));
  return made;
};

export const button = (label, run, given = {}) =>
  element('button', { type: 'button', textContent: label, onclick: run, ...given });

/** Does something as the person that is chosen; what goes wrong is shown. */
export const act = async (name, fields = {}, form = new FormData()) => {
  form.set('act', name);
  form.set('user', byId('user').value);
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  const answer = await fetch('/act', { method: 'POST', body: form });
  byId('notice').textContent = answer.ok ? '' : await answer.text();
};

/** Draws the people once, so that one stays chosen. */
export const drawPeople = (users) => {
  if (byId('user').options.length > 0) return;
  byId('user').append(
    ...users.map(({ id, name, locale }) =>
      element('option', { value: id, textContent: `${name} (${locale})` }),
    ),
  );
};

/** Draws messages anew; whoever reads the last ones goes on reading the last ones. */
export const drawMessages = (messages) => {
  const list = byId('messages');
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  list.replaceChildren(...messages);
  const keepAtEnd = () => {
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  };
  keepAtEnd();
  // Pictures have no height before they are there.
  for (const picture of list.querySelectorAll('img')) picture.onload = keepAtEnd;
};

/** Draws now and after each change. @param draw takes the state @param place which place is shown */
export const follow = (draw, place) => {
  const load = async () => {
    const isNew = byId('user').options.length === 0;
    const query = new URLSearchParams({ user: byId('user').value, place: place() ?? '' });
    draw(await (await fetch(`/state?${query}`)).json());
    if (isNew) await load();
  };
  byId('user').onchange = () => void load();
  for (const each of document.querySelectorAll('[data-skip]')) {
    each.onclick = () => void act('skip', { minutes: each.dataset.skip });
  }
  new EventSource('/changes').addEventListener('changed', () => void load());
  return load;
};
