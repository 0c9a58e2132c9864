import { render } from 'preact';
import { App } from './app.tsx';
import './styles/tokens.css';
import './styles/shell.css';
import './styles/messages.css';
import './styles/blocks.css';
import './styles/elements.css';
import './styles/modal.css';

const root = document.getElementById('page');
if (root === null) throw new Error('index.html has no #page');
render(<App />, root);
