/** The page's only style sheet, served as a file of its own: the page itself holds no style (CSP). Contrast is 4.5:1 for text and 3:1 for what marks a control, in both schemes. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #eef1f5; --card: #ffffff; --text: #1a2029; --quiet: #4a5461; --line: #d5dbe3; --control: #6a7685;
  --accent: #1a4fc4; --accent-strong: #143f9e; --on-accent: #ffffff;
  --good: #0d6b3f; --good-ground: #e5f5ec; --bad: #a8201a; --bad-ground: #fdecea; --wait: #7a4b00; --wait-ground: #fdf3e0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1015; --card: #171b22; --text: #e9ecf1; --quiet: #b0b8c4; --line: #303844; --control: #8d98a7;
    --accent: #9bbcff; --accent-strong: #bed3ff; --on-accent: #0b1730;
    --good: #84e0ae; --good-ground: #12291e; --bad: #ffb3ab; --bad-ground: #34191a; --wait: #f5cf8a; --wait-ground: #2d2412;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center;
  padding: clamp(1rem, 6vh, 4.5rem) max(1rem, env(safe-area-inset-right)) 1.5rem max(1rem, env(safe-area-inset-left));
  background: var(--ground); color: var(--text);
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  overflow-wrap: anywhere;
}
main {
  width: 100%; max-width: 32rem; padding: clamp(1.25rem, 5vw, 2.5rem); background: var(--card);
  border: 1px solid var(--line); border-radius: 1rem; box-shadow: 0 1px 2px rgb(15 25 45 / 6%), 0 12px 32px rgb(15 25 45 / 7%);
}
.from { margin: 0 0 .35rem; color: var(--quiet); font-size: .9375rem; font-weight: 600; }
h1 { margin: 0 0 1rem; font-size: clamp(1.5rem, 5.2vw, 1.875rem); line-height: 1.2; letter-spacing: -.015em; text-wrap: balance; }
h2 { margin: 0 0 .25rem; font-size: 1.125rem; line-height: 1.3; }
p { margin: 0 0 1rem; }
dl { margin: 0 0 1.5rem; border-top: 1px solid var(--line); }
dl > div { display: flex; gap: 1rem; padding: .65rem 0; border-bottom: 1px solid var(--line); }
dt { flex: 0 0 clamp(4.75rem, 22vw, 6.5rem); color: var(--quiet); }
dd { margin: 0; font-weight: 600; }
dd small { display: block; font-weight: 400; }
small, .quiet { color: var(--quiet); font-size: .9375rem; }
main > :last-child, form > :last-child, .notice > :last-child { margin-bottom: 0; }
a { color: var(--accent); text-underline-offset: .18em; }
a:hover { color: var(--accent-strong); text-decoration-thickness: 2px; }
form { margin: 0 0 1.25rem; }
.way + .quiet { margin-top: 1.25rem; }
.way { padding: 1.25rem; border: 1px solid var(--line); border-radius: .75rem; }
.way > form { margin: 0; }
.way > h2 { margin-bottom: .6rem; }
.or { margin: .75rem 0; text-align: center; color: var(--quiet); }
label { display: block; margin-bottom: .2rem; font-weight: 600; }
.hint { display: block; margin-bottom: .5rem; color: var(--quiet); font-size: .9375rem; }
.wrong { display: block; margin-bottom: .5rem; color: var(--bad); font-weight: 600; }
input[type="text"] {
  width: 100%; min-height: 3.125rem; margin-bottom: 1rem; padding: .6rem .85rem; color: var(--text); background: var(--card);
  border: 1.5px solid var(--control); border-radius: .625rem; letter-spacing: .04em;
  font: 500 1.125rem/1.3 ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace;
}
input[aria-invalid="true"] { border-color: var(--bad); border-width: 2px; }
button, .button {
  display: block; width: 100%; min-height: 3.125rem; padding: .7rem 1.25rem; color: var(--on-accent); background: var(--accent);
  border: 2px solid transparent; border-radius: .625rem; font: inherit; font-weight: 600; line-height: 1.3; text-align: center; cursor: pointer;
}
a.button { text-decoration: none; }
button:hover, .button:hover { background: var(--accent-strong); color: var(--on-accent); }
button.second { color: var(--accent); background: transparent; border-color: var(--accent); }
button.second:hover { color: var(--accent-strong); border-color: var(--accent-strong); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: .35rem; }
button:focus-visible, .button:focus-visible, input:focus-visible { border-radius: .625rem; }
.notice { margin: 0 0 1.25rem; padding: .9rem 1.1rem; border-left: .3rem solid; border-radius: .5rem; }
.notice p { margin: 0 0 .4rem; }
.notice.bad { color: var(--bad); background: var(--bad-ground); }
.notice.wait { color: var(--wait); background: var(--wait-ground); }
.notice a { color: inherit; font-weight: 600; }
.sign { display: grid; place-items: center; width: 3.5rem; height: 3.5rem; margin: 0 0 1.1rem; border-radius: 50%; }
.sign svg { width: 1.75rem; height: 1.75rem; fill: none; stroke: currentColor; stroke-width: 2.6; stroke-linecap: round; stroke-linejoin: round; }
.sign.good { color: var(--good); background: var(--good-ground); }
.sign.bad { color: var(--bad); background: var(--bad-ground); }
.sign.wait { color: var(--wait); background: var(--wait-ground); }
ol, ul { margin: 0 0 1rem; padding-left: 1.35rem; }
li { margin-bottom: .4rem; }
code { padding: .1em .4em; border: 1px solid var(--line); border-radius: .35rem; font: 600 1em/1.4 ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; }
footer { width: 100%; max-width: 32rem; margin-top: 1.1rem; padding: 0 .5rem; color: var(--quiet); font-size: .9375rem; }
footer ul { display: flex; flex-wrap: wrap; justify-content: center; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
footer li { margin: 0; }
footer a, footer [aria-current] { display: inline-block; min-height: 1.75rem; padding: .15rem .25rem; }
@media (max-width: 20rem) {
  dl > div { flex-direction: column; gap: .1rem; }
  dt { flex-basis: auto; }
}
@media (forced-colors: active) {
  main, .way, .notice, button, .button { border: 1px solid; }
}
`.trim();
