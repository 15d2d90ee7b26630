import { render } from 'preact';
import './style/index.css';

render(<h1>opsd</h1>, document.getElementById('app')!);
