/** The live half of the page: redraws its parts when the server signals a change, and turns switches and buttons into admin calls. */

const notice = document.querySelector('#notice');

async function call(method, path, body) {
  const response = await fetch(`/admin/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  notice.textContent = response.ok ? '' : answer.error;
  return answer;
}

const shown = new WeakMap();

/** Replaces a part and puts the focus back on the element of the same id. */
async function redraw(part) {
  const query = part.dataset.part === 'accounts' ? location.search : '';
  const response = await fetch(`/parts/${part.dataset.part}${query}`);
  const text = await response.text();
  if (!response.ok || shown.get(part) === text) return;
  shown.set(part, text);
  const focused = part.contains(document.activeElement) ? document.activeElement.id : '';
  const scrolled = [...part.querySelectorAll('.scroll')].map((box) => [box.scrollLeft, box.scrollTop]);
  part.innerHTML = text;
  if (focused) document.getElementById(focused)?.focus();
  for (const [index, box] of [...part.querySelectorAll('.scroll')].entries()) box.scrollTo(...(scrolled[index] ?? [0, 0]));
}

/** As the server's `struckText`. */
function struckText(on) {
  if (!on) return '';
  return on.considered === 0 ? 'On. Nothing struck yet.' : `Struck ${on.struck} of ${on.considered} so far.`;
}

/** Shows which faults are on and how often they struck; what a person is filling in stays. */
async function redrawMischief() {
  const { mischief } = await call('GET', 'state');
  for (const form of document.querySelectorAll('form[data-fault]')) {
    const on = mischief.faults.find(({ fault }) => fault.is === form.dataset.fault);
    form.querySelector('[role=switch]').checked = on !== undefined;
    form.querySelector('[data-struck]').textContent = struckText(on);
  }
}

let drawing = false;
let again = false;
async function redrawAll() {
  again = true;
  if (drawing) return;
  drawing = true;
  while (again) {
    again = false;
    try {
      await Promise.all([...document.querySelectorAll('[data-part]')].map(redraw).concat(redrawMischief()));
    } catch {
      notice.textContent = 'The sandbox application does not answer.';
    }
  }
  drawing = false;
}

function faultOf(form) {
  const inputs = [...form.querySelectorAll('[name]')];
  return Object.fromEntries([
    ['is', form.dataset.fault],
    ...inputs.map((input) => [input.name, 'json' in input.dataset ? JSON.parse(input.value) : input.value]),
  ]);
}

document.addEventListener('change', (event) => {
  const form = event.target.closest('form[data-fault]');
  if (!form) return;
  const on = form.querySelector('[role=switch]');
  if (!on.checked) {
    if (event.target === on) void call('DELETE', `mischief/${form.dataset.fault}`);
    return;
  }
  if (form.reportValidity()) void call('POST', 'mischief', faultOf(form));
  else on.checked = false;
});

document.addEventListener('submit', (event) => {
  if (event.target.matches('form[data-fault]')) event.preventDefault();
});

const acts = {
  calm: () => call('DELETE', 'mischief'),
  make: () => call('POST', 'users', { make: { count: 40 } }),
  forget: () => call('DELETE', 'requests'),
  reset: () => confirm('Delete all accounts and groups, switch all mischief off and count from 0?') && call('POST', 'reset'),
  turn: (button) => call('PATCH', `users/${button.dataset.id}`, { active: button.dataset.active === 'true' }),
  drop: (button) => call('DELETE', `users/${button.dataset.id}`),
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-do]');
  if (button) acts[button.dataset.do]?.(button);
});

const stream = new EventSource('/admin/stream');
stream.addEventListener('changed', redrawAll);
stream.addEventListener('open', redrawAll);
stream.addEventListener('error', () => {
  notice.textContent = 'The sandbox application does not answer.';
});
