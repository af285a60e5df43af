// Contests: panels, the countdown, the ballot by keyboard, and pages that are brought up to date.

const { htmx } = window;

/**
 * @param {string} selector
 * @param {ParentNode} [parent]
 * @returns {HTMLElement[]}
 */
const all = (selector, parent = document) => [...parent.querySelectorAll(selector)];

// The zone of this browser, where a form takes one.

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** @param {ParentNode} [parent] */
const fillZones = (parent = document) => {
  for (const field of /** @type {HTMLInputElement[]} */ (all('[data-own-zone]', parent))) {
    if (field.value === '') field.value = ownZone ?? '';
  }
};

// The time until a phase ends, by the clock of the server.

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

/**
 * @param {number} ms
 * @param {string} language
 */
const timeLeft = (ms, language) => {
  /** @type {(value: number, unit: string) => string} */
  const counted = (value, unit) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
  const [days, hours] = [Math.floor(ms / day), Math.floor((ms % day) / hour)];
  const [minutes, seconds] = [Math.floor((ms % hour) / minute), Math.floor((ms % minute) / second)];
  if (days > 0) return [counted(days, 'day'), hours > 0 && counted(hours, 'hour')].filter(Boolean).join(', ');
  if (hours > 0) return `${counted(hours, 'hour')}, ${counted(minutes, 'minute')}`;
  return `${minutes}:${String(seconds).padStart(2, '0')}`;
};

/** How much the server's clock is ahead of this one, by what it said when the page came. */
const aheads = new WeakMap();
let isOverTold = false;

const showCountdowns = () => {
  for (const timer of all('.countdown')) {
    const ahead = aheads.get(timer) ?? Number(timer.dataset.now) - Date.now();
    aheads.set(timer, ahead);
    const left = Number(timer.dataset.until) - (Date.now() + ahead);
    const text = timeLeft(Math.max(0, left), timer.dataset.language ?? 'en');
    const value = timer.querySelector('.countdown-value');
    if (value && value.textContent !== text) value.textContent = text;
    timer.hidden = false;
    // The phase is over: what comes next is asked for, at most every few seconds.
    if (left <= -second && !isOverTold) {
      isOverTold = true;
      setTimeout(() => {
        isOverTold = false;
      }, 5 * second);
      changed();
    }
  }
};

// Panels: in a box over the contest's page, among the messages of a room.

const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById('panel-dialog'));
let wasChanged = false;

/** @param {Element} panel */
const readOut = (panel) => {
  const news = document.getElementById('news');
  if (!news) return;
  const line = Object.assign(document.createElement('p'), {
    textContent: panel.getAttribute('data-news') ?? '',
  });
  news.append(line);
  // It has been read out by then, and should not be met again while reading the page.
  setTimeout(() => line.remove(), 2000);
};

document.body.addEventListener('htmx:afterSettle', (event) => {
  const target = /** @type {HTMLElement} */ (event.detail.elt);
  const panel = target.matches('.panel') ? target : target.querySelector(':scope > .panel');
  if (!panel) return;
  fillZones(panel);
  if (dialog?.contains(panel) && !dialog.open) dialog.showModal();
  if (dialog) wasChanged = true;
  readOut(panel);
  const active = document.activeElement;
  if (active && active !== document.body && active !== dialog && panel.contains(active)) return;
  /** @type {HTMLElement | null} */ (panel.querySelector('.panel-title'))?.focus();
});

dialog?.addEventListener('close', () => {
  document.getElementById('panel-slot')?.replaceChildren();
  if (wasChanged) changed();
  wasChanged = false;
});
// Beside the box is out of it.
dialog?.addEventListener('click', (event) => {
  if (event.target === dialog) dialog.close();
});

// The ballot by keyboard: 1, 2 and 3 put the film that has the focus on a place, 0 takes it off.

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[0-3]$/.test(event.key)) return;
  const place = document.activeElement;
  if (place?.matches('input, textarea, select')) return;
  const card = place?.closest('.film-card');
  const button = /** @type {HTMLElement | null | undefined} */ (
    card?.querySelector(`.rank[data-rank="${event.key}"]`)
  );
  if (!button) return;
  event.preventDefault();
  button.click();
});

// The page of a contest is asked for again when something has changed.

const live = document.getElementById('contest-live');

/** @param {Document} page */
const takeOver = (page) => {
  const [next, now] = [page.getElementById('contest'), document.getElementById('contest')];
  if (!next || !now) return;
  const active = document.activeElement;
  const isTyping = now.contains(active) && active?.matches('input, select, textarea');
  if (next.dataset.state === now.dataset.state || isTyping) {
    const [facts, before] = [page.getElementById('contest-facts'), document.getElementById('contest-facts')];
    if (facts && before) before.replaceWith(facts);
    showCountdowns();
    return;
  }
  const opened = all('details[open][id]', now).map(({ id }) => id);
  const focused = now.contains(active) ? active?.id : undefined;
  now.replaceWith(next);
  htmx.process(next);
  fillZones(next);
  for (const id of opened) document.getElementById(id)?.setAttribute('open', '');
  if (focused) document.getElementById(focused)?.focus();
  showCountdowns();
};

let isAsking = false;
let isAskedAgain = false;
const refresh = async () => {
  if (isAsking) {
    isAskedAgain = true;
    return;
  }
  isAsking = true;
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (response.ok) takeOver(new DOMParser().parseFromString(await response.text(), 'text/html'));
  } catch {
    // The stream says when the bot is there again.
  } finally {
    isAsking = false;
    if (isAskedAgain) {
      isAskedAgain = false;
      void refresh();
    }
  }
};

const changed = () => {
  if (live) void refresh();
  else htmx.trigger(document.body, 'contest-changed');
};

/** Messages about contests, and films such as the winners' reel. @param {string} markup */
const isAboutContest = (markup) => /data-kind="(?:contest|result)"/.test(markup);

// In a room its own stream tells.
document.body.addEventListener('htmx:sseMessage', (event) => {
  if (/data-kind="contest"/.test(event.detail.data ?? '')) changed();
});

if (live) {
  /** @type {EventSource | null} */
  let stream = null;
  let version = Number(live.dataset.version);
  let isFirst = true;
  const follow = () => {
    if (document.visibilityState !== 'visible') {
      stream?.close();
      stream = null;
      return;
    }
    if (stream) return;
    stream = new EventSource(`${live.dataset.events}?after=${version}`);
    stream.addEventListener('message', ({ data, lastEventId }) => {
      version = Math.max(version, Number(lastEventId) || 0);
      if (isAboutContest(data)) changed();
    });
    // Whatever happened while there was no connection.
    stream.addEventListener('present', () => {
      if (!isFirst) changed();
      isFirst = false;
    });
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}

fillZones();
showCountdowns();
setInterval(showCountdowns, second);
