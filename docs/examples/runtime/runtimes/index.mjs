import { plainHttp } from './plain-http.mjs';
import { program } from './program.mjs';

export default { runtimes: [program, plainHttp] };
