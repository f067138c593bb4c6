// Firebase's own server of static files: `node firebase.mjs FOLDER PORT [FIREBASE_JSON]`. Without that file it is a
// host that sends no headers of one's own, and gives `404.html` for what is missing, as GitHub Pages does.
import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import superstatic from 'superstatic'

const [folder, port, file] = process.argv.slice(2)
const told = file ? JSON.parse(readFileSync(file, 'utf8')).hosting : {}
superstatic
  .server({ port: Number(port), host: '127.0.0.1', cwd: dirname(folder), config: { ...told, public: basename(folder) } })
  .listen()
