import { render } from 'preact';
import './style/index.css';
import { App } from './app';
import { startLive } from './lib/live';
import { startRouting } from './lib/route';
import { loadSession } from './lib/session';

startRouting();
startLive();
void loadSession();
render(<App />, document.getElementById('app')!);
