import * as fs from 'node:fs';
import * as path from 'node:path';
import { controlsPage } from '../src/report/controls-page';

fs.writeFileSync(path.resolve(__dirname, '../docs/controls.md'), controlsPage());
