// The page's own script: places for new messages, the stream while the tab is seen, photos, completion.
// Everything else is HTML from the server and htmx.

/** @typedef {{ name: string, summary: string, fields: { name: string, help: string, choices: string[] }[] }} Command */
/** `isWhole`: in the place of all that is typed, else of the last word. */
/** @typedef {{ text: string, label: string, help: string, isWhole?: boolean }} Suggestion */

const { htmx } = window;

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Partial<HTMLElementTagNameMap[T]>} properties
 */
const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

/** @param {ParentNode} parent */
const localTimes = (parent) => {
  const today = new Date().toDateString();
  for (const time of parent.querySelectorAll('time:not(.zoned)')) {
    const date = new Date(time.dateTime);
    const clock = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    const day = date.toLocaleDateString([], { day: 'numeric', month: 'short' });
    time.textContent = date.toDateString() === today ? clock : `${day}, ${clock}`;
    time.title = date.toLocaleString();
  }
};

// The newest message stays in sight, unless someone has scrolled up to read.

const startScrolling = () => {
  const area = byId('scroll');
  const toNewest = byId('to-newest');
  let pinned = true;
  const toEnd = () => area.scrollTo(0, area.scrollHeight);
  area.addEventListener('scroll', () => {
    pinned = area.scrollHeight - area.scrollTop - area.clientHeight < 80;
    if (pinned) toNewest.hidden = true;
  });
  toNewest.addEventListener('click', () => {
    toEnd();
    byId('text').focus();
  });
  // Pictures arrive after their messages, and the box below changes its height.
  const sizes = new ResizeObserver(() => pinned && toEnd());
  sizes.observe(area);
  sizes.observe(byId('messages'));
  toEnd();
  /** @param {boolean} own */
  return (own) => {
    if (pinned || own) toEnd();
    else toNewest.hidden = false;
  };
};

// Messages that come by the stream.

/** @param {HTMLElement} article */
const makePlace = (article) => {
  const list = document.getElementById(article.dataset.list ?? '');
  if (!list) return false;
  const entry = make('li', { className: 'entry', id: article.id.replace('message-', 'entry-') });
  entry.append(make('article', { id: article.id }));
  if (list.id === 'messages') {
    entry.append(make('ol', { className: 'thread', id: article.id.replace('message-', 'thread-') }));
  }
  list.append(entry);
  return true;
};

/**
 * A message that is replaced or goes takes the focus of whoever is at one of its buttons: it goes to the same button,
 * else to the next sensible thing.
 */
const keepFocus = () => {
  /** @type {{ article: string, button: string, asking: string, neighbours: string[] } | null} */
  let held = null;
  /** A message that has the focus because it has no button (yet). */
  /** @type {Element | null} */
  let waiting = null;

  /** @param {Element | null | undefined} place */
  const firstAction = (place) =>
    /** @type {HTMLElement | null | undefined} */ (place?.querySelector('.action, .play'));

  return {
    remember: () => {
      held = null;
      const active = document.activeElement;
      // Not by its class: htmx sets that a moment after the swap, and the next message may come before.
      const article = active?.closest('article');
      if (!active || !article) return;
      const entry = article.closest('.entry');
      const above = entry?.parentElement?.closest('.entry');
      held = {
        article: article.id,
        button: active.id,
        asking: article.querySelector('.ask[open] > summary')?.id ?? '',
        neighbours: [entry?.nextElementSibling, entry?.previousElementSibling, above]
          .concat(above ? [above.nextElementSibling, above.previousElementSibling] : [])
          .flatMap((other) => other?.id ?? []),
      };
    },
    restore: () => {
      const before = held;
      held = null;
      const active = document.activeElement;
      if (active && active === waiting) {
        // What can be done now came with a message of its thread.
        firstAction(active.closest('.entry'))?.focus();
        return;
      }
      if (!before || (active && active !== document.body)) return;
      const article = document.getElementById(before.article);
      if (article) {
        document.getElementById(before.asking)?.closest('details')?.setAttribute('open', '');
        const next =
          document.getElementById(before.button) ||
          firstAction(article) ||
          firstAction(article.closest('.entry')) ||
          article;
        next.focus();
        waiting = next === article ? article : null;
        return;
      }
      const neighbour = before.neighbours.map((id) => document.getElementById(id)).find((entry) => entry);
      (neighbour?.querySelector('article') ?? byId('text')).focus();
    },
  };
};

const startMessages = () => {
  const showAdded = startScrolling();
  const focus = keepFocus();
  const live = byId('live');
  const news = byId('news');
  const connection = byId('connection');
  let version = Number(live.dataset.version);

  const ownName = document.querySelector('.who')?.textContent;

  /** @param {HTMLElement} article */
  const announce = (article) => {
    const isOwn =
      article.dataset.kind === 'person' && article.querySelector('.name')?.textContent === ownName;
    if (isOwn || !article.dataset.news) return;
    const line = make('p', { textContent: article.dataset.news });
    news.append(line);
    // It has been read out by then, and should not be met again while reading the page.
    setTimeout(() => line.remove(), 2000);
  };

  /**
   * A message that is new here gets its place, which htmx then fills.
   * @param {string} markup
   */
  const prepare = (markup) => {
    const page = new DOMParser().parseFromString(markup, 'text/html');
    const article = /** @type {HTMLElement | null} */ (page.body.firstElementChild);
    if (article?.localName !== 'article') return true;
    const shown = document.getElementById(article.id);
    if (shown && Number(shown.dataset.version) >= Number(article.dataset.version)) return false;
    if (shown?.dataset.kind !== article.dataset.kind) announce(article);
    return shown !== null || makePlace(article);
  };

  /** @param {readonly string[]} ids */
  const keepOnly = (ids) => {
    const present = new Set(ids.map((id) => `entry-${id}`));
    // What only this page was told is in no history.
    for (const entry of document.querySelectorAll('.entry:not(.private)')) {
      if (!present.has(entry.id)) entry.remove();
    }
  };

  document.body.addEventListener('htmx:sseBeforeMessage', (event) => {
    const { type, data } = event.detail;
    focus.remember();
    if (type === 'present') keepOnly(JSON.parse(data));
    if (type === 'present' || !prepare(data)) event.preventDefault();
  });
  document.body.addEventListener('htmx:sseMessage', (event) => {
    version = Math.max(version, Number(event.detail.lastEventId) || 0);
    focus.restore();
  });
  document.body.addEventListener('htmx:oobAfterSwap', (event) => {
    const target = document.getElementById(event.detail.target?.id ?? '');
    if (!target) return;
    localTimes(target);
    // Only what this person alone is told comes into the list as a whole.
    const isPrivate = target.id === 'messages';
    if (isPrivate) announce(/** @type {HTMLElement} */ (target.lastElementChild?.querySelector('article')));
    showAdded(isPrivate);
  });
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('.dismiss') : null;
    if (!button) return;
    button.closest('.entry')?.remove();
    byId('text').focus();
  });
  document.body.addEventListener('htmx:sseOpen', () => {
    connection.textContent = '';
  });
  document.body.addEventListener('htmx:sseError', () => {
    connection.textContent = connection.dataset.lost ?? '';
  });

  // One stream for each tab that is seen: browsers allow few connections to one place.
  /** @type {HTMLElement | null} */
  let stream = null;
  const close = () => {
    if (!stream) return;
    htmx.trigger(stream, 'htmx:beforeCleanupElement');
    stream.remove();
    stream = null;
  };
  const open = () => {
    if (stream) return;
    stream = document.createElement('div');
    stream.setAttribute('hx-ext', 'sse');
    stream.setAttribute('sse-connect', `${live.dataset.events}?after=${version}`);
    stream.setAttribute('sse-swap', 'message,present');
    stream.setAttribute('hx-swap', 'none');
    live.append(stream);
    htmx.process(stream);
  };
  const follow = () => (document.visibilityState === 'visible' ? open() : close());
  document.addEventListener('visibilitychange', follow);
  window.addEventListener('pagehide', close);
  window.addEventListener('pageshow', follow);
  follow();
};

// A photo: picked, dropped anywhere or pasted, and shown before it is sent.

const startPhoto = () => {
  const form = byId('composer');
  const input = /** @type {HTMLInputElement} */ (byId('photo'));
  const preview = byId('preview');
  const image = /** @type {HTMLImageElement} */ (preview.querySelector('img'));
  const drop = byId('drop');
  let address = '';

  /** @param {string} sentence */
  const complain = (sentence) => {
    const lines = sentence ? [make('p', { className: 'problem', textContent: sentence })] : [];
    byId('problem').replaceChildren(...lines);
  };

  const show = () => {
    const file = input.files?.[0];
    URL.revokeObjectURL(address);
    preview.hidden = !file;
    if (!file) return;
    address = URL.createObjectURL(file);
    image.src = address;
    byId('preview-name').textContent = file.name;
    const kilobytes = Math.max(1, Math.round(file.size / 1e3));
    byId('preview-size').textContent =
      file.size < 1e6 ? `${kilobytes} kB` : `${(file.size / 1e6).toFixed(1)} MB`;
    const isTooLarge = file.size > Number(form.dataset.maxBytes);
    complain((isTooLarge && form.dataset.tooLarge) || '');
    if (isTooLarge) clear();
    else byId('text').focus();
  };
  const clear = () => {
    input.value = '';
    show();
  };
  // What no browser can show is named all the same.
  image.addEventListener('error', () => image.classList.add('unseen'));
  image.addEventListener('load', () => image.classList.remove('unseen'));

  /** @param {DataTransfer | null} data */
  const take = (data) => {
    const file = [...(data?.files ?? [])].find(({ type }) => type.startsWith('image/')) ?? data?.files[0];
    if (!file) return false;
    const one = new DataTransfer();
    one.items.add(file);
    input.files = one.files;
    show();
    return true;
  };

  input.addEventListener('change', show);
  byId('remove-photo').addEventListener('click', () => {
    clear();
    byId('text').focus();
  });
  document.addEventListener('paste', (event) => {
    if (take(event.clipboardData)) event.preventDefault();
  });

  /** @param {DragEvent} event */
  const carriesFile = (event) => event.dataTransfer?.types.includes('Files') ?? false;
  document.addEventListener('dragover', (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    drop.hidden = false;
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) drop.hidden = true;
  });
  document.addEventListener('drop', (event) => {
    drop.hidden = true;
    if (!carriesFile(event)) return;
    event.preventDefault();
    take(event.dataTransfer);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') drop.hidden = true;
  });
  return {
    clear,
    complain,
    /** Whether what was picked can still be read: a file may be gone, or another one, by the time it is sent. */
    isThere: async () => {
      const firstByte = input.files?.[0]?.slice(0, 1).arrayBuffer();
      return (await firstByte?.catch(() => null)) !== null;
    },
  };
};

// How far a photo is on its way, and a way to stop it.

/** @param {HTMLFormElement} form */
const startUpload = (form) => {
  const shown = byId('upload');
  const bar = /** @type {HTMLProgressElement} */ (byId('upload-bar'));
  const text = byId('upload-text');
  const news = byId('upload-news');
  const stop = byId('stop-upload');

  /** @param {number} percent */
  const show = (percent) => {
    const isSent = percent >= 100;
    const line = isSent ? shown.dataset.looking : shown.dataset.sent?.replace('{percent}', String(percent));
    text.textContent = line ?? '';
    // Not every percent is worth being read out.
    if (isSent || percent % 25 === 0) news.textContent = line ?? '';
    bar.value = percent;
    // Once it has arrived it is not for this page to take back.
    stop.hidden = isSent;
  };
  form.addEventListener('htmx:xhr:progress', (event) => {
    const { loaded, total, lengthComputable } = event.detail;
    if (shown.hidden || !lengthComputable || !total) return;
    show(Math.floor((100 * loaded) / total));
  });
  stop.addEventListener('click', () => htmx.trigger(form, 'htmx:abort'));
  return {
    begin: () => {
      show(0);
      shown.hidden = false;
    },
    end: () => {
      // The button goes: whoever was at it should not be nowhere.
      if (shown.contains(document.activeElement)) byId('text').focus();
      shown.hidden = true;
      news.textContent = '';
    },
  };
};

// Completion: commands after a slash, then their options, then an option's choices.

/**
 * @param {Command[]} commands
 * @param {string} typed up to the cursor
 * @returns {Suggestion[]}
 */
const suggestionsFor = (commands, typed) => {
  if (!typed.startsWith('/')) return [];
  const begun = typed.toLowerCase().replaceAll(/\s+/g, ' ');
  const command = commands.find(({ name }) => begun.startsWith(`/${name} `));
  if (!command) {
    return commands
      .filter(({ name }) => `/${name}`.startsWith(begun))
      .map(({ name, summary: help, fields }) => {
        const label = `/${name}`;
        return { text: fields.length > 0 ? `${label} ` : label, label, help, isWhole: true };
      });
  }
  const rest = typed.split(/\s+/).slice(command.name.split(' ').length).join(' ');
  const words = rest.split(/\s+/);
  const last = words.pop() ?? '';
  const [option, value] = last.split(':');
  if (value !== undefined) {
    const field = command.fields.find((candidate) => candidate.name === option);
    return (field?.choices ?? [])
      .filter((choice) => choice.startsWith(value) && choice !== value)
      .map((choice) => ({ text: `${option}:${choice} `, label: choice, help: field?.help ?? '' }));
  }
  const used = new Set(words.map((word) => word.split(':')[0]));
  return command.fields
    .filter((field) => field.name.toLowerCase().startsWith(last.toLowerCase()) && !used.has(field.name))
    .map((field) => ({ text: `${field.name}:`, label: `${field.name}:`, help: field.help }));
};

const startCompletion = () => {
  const text = /** @type {HTMLInputElement} */ (byId('text'));
  const list = byId('suggestions');
  /** @type {Command[]} */
  const commands = JSON.parse(byId('completion').textContent ?? '[]');
  /** @type {Suggestion[]} */
  let offered = [];
  let chosen = -1;

  const mark = () => {
    for (const [index, item] of [...list.children].entries()) {
      item.setAttribute('aria-selected', String(index === chosen));
      if (index === chosen) item.scrollIntoView({ block: 'nearest' });
    }
    if (chosen < 0) text.removeAttribute('aria-activedescendant');
    else text.setAttribute('aria-activedescendant', `suggestion-${chosen}`);
  };
  const hide = () => {
    offered = [];
    chosen = -1;
    list.hidden = true;
    text.setAttribute('aria-expanded', 'false');
    mark();
  };
  /** @param {Suggestion} suggestion */
  const accept = (suggestion) => {
    const cursor = text.selectionStart ?? text.value.length;
    const kept = suggestion.isWhole ? '' : text.value.slice(0, cursor).replace(/\S*$/, '');
    const before = kept + suggestion.text;
    text.value = before + text.value.slice(cursor).trimStart();
    text.setSelectionRange(before.length, before.length);
    offer();
  };
  const offer = () => {
    offered = suggestionsFor(commands, text.value.slice(0, text.selectionStart ?? undefined));
    chosen = -1;
    list.replaceChildren(
      ...offered.map((suggestion, index) => {
        const item = make('li', { id: `suggestion-${index}`, role: 'option' });
        item.append(
          make('b', { textContent: suggestion.label }),
          make('span', { textContent: suggestion.help }),
        );
        // Not a click: the line must keep the cursor.
        item.addEventListener('pointerdown', (event) => {
          event.preventDefault();
          accept(suggestion);
        });
        return item;
      }),
    );
    list.hidden = offered.length === 0;
    text.setAttribute('aria-expanded', String(!list.hidden));
    mark();
  };
  text.addEventListener('input', offer);
  text.addEventListener('blur', hide);
  text.addEventListener('keydown', (event) => {
    if (list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      chosen = (Math.max(chosen, step > 0 ? -1 : 0) + step + offered.length) % offered.length;
      mark();
    } else if (event.key === 'Escape') {
      hide();
    } else if (event.key === 'Tab' && !event.shiftKey && (chosen >= 0 || /\S$/.test(text.value))) {
      // Between words Tab goes on to the next control, as ever.
      accept(offered[Math.max(0, chosen)]);
    } else if (event.key === 'Enter' && chosen >= 0) {
      accept(offered[chosen]);
    } else {
      return;
    }
    event.preventDefault();
  });
  return hide;
};

// Sending.

const startComposer = () => {
  const form = /** @type {HTMLFormElement} */ (byId('composer'));
  const options = byId('options');
  const toggle = byId('toggle-options');
  const photo = startPhoto();
  const hideCompletion = startCompletion();

  /** @param {boolean} shown */
  const showOptions = (shown) => {
    options.hidden = !shown;
    toggle.setAttribute('aria-expanded', String(shown));
  };
  toggle.addEventListener('click', () => showOptions(options.hidden));
  /** Only the options of the chosen kind are shown and sent. */
  const showKind = () => {
    const chosen = new FormData(form).get('kind');
    // Where there is one kind, there is no choice.
    if (chosen === null) return;
    for (const fields of options.querySelectorAll('fieldset')) {
      fields.hidden = fields.dataset.kind !== chosen;
      fields.disabled = fields.hidden;
    }
  };
  showKind();
  form.addEventListener('change', () => {
    showKind();
    const fields = [...options.querySelectorAll('input:enabled, select:enabled')];
    const isInUse = fields.some((field) => /** @type {HTMLInputElement} */ (field).value !== '');
    toggle.classList.toggle('in-use', isInUse);
  });
  const upload = startUpload(form);
  const sendButton = byId('send');
  const text = /** @type {HTMLInputElement} */ (byId('text'));
  let sent = '';
  form.addEventListener('htmx:beforeRequest', (event) => {
    if (event.target !== form) return;
    sent = text.value;
    hideCompletion();
    photo.complain('');
    sendButton.setAttribute('aria-disabled', 'true');
    if (byId('photo').files?.[0]) upload.begin();
  });
  form.addEventListener('htmx:afterRequest', (event) => {
    if (event.target !== form) return;
    sendButton.removeAttribute('aria-disabled');
    upload.end();
    if (!event.detail.successful) return;
    // What was written meanwhile is the next message.
    const next = text.value === sent ? '' : text.value;
    form.reset();
    showKind();
    text.value = next;
    photo.clear();
    showOptions(false);
    toggle.classList.remove('in-use');
    byId('text').focus();
  });
  document.body.addEventListener('htmx:sendError', async (event) => {
    const isThere = event.target !== form || (await photo.isThere());
    if (!isThere) photo.clear();
    photo.complain((isThere ? form.dataset.unreachable : form.dataset.photoGone) ?? '');
  });
  form.addEventListener('htmx:sendAbort', () => photo.complain(form.dataset.stopped ?? ''));
};

// Where nothing should move, a film starts when it is asked to.

const startFilms = () => {
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('.play') : null;
    if (!button) return;
    button.parentElement?.querySelector('source')?.remove();
    button.remove();
  });
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  /** @param {ParentNode} parent */
  const hold = (parent) => {
    if (!still.matches) return;
    for (const video of parent.querySelectorAll('video[autoplay]')) {
      video.removeAttribute('autoplay');
      /** @type {HTMLVideoElement} */ (video).pause();
    }
  };
  hold(document);
  document.body.addEventListener('htmx:oobAfterSwap', (event) => hold(event.detail.target ?? document));
  // A question that is not answered goes as menus do.
  document.addEventListener('keydown', (event) => {
    const ask = event.key === 'Escape' && document.activeElement?.closest('details.ask[open]');
    if (!ask) return;
    ask.removeAttribute('open');
    ask.querySelector('summary')?.focus();
  });
};

localTimes(document);
startFilms();
if (document.getElementById('composer')) {
  startComposer();
  startMessages();
}
