// Usage: node emulator.js MODULES NAME PORT. Starts kinesalite or fauxqs on loopback.
const net = require('net')
const path = require('path')
const { pathToFileURL } = require('url')

const [modules, name, port] = process.argv.slice(2)

// fauxqs listens on all interfaces, whatever it is told.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (options, ...rest) {
  return listen.call(this, { ...options, host: '127.0.0.1' }, ...rest)
}

if (name === 'kinesalite') {
  require(path.join(modules, 'kinesalite'))({ createStreamMs: 0 }).listen({ port: Number(port) })
} else {
  startFauxqs()
}

async function startFauxqs () {
  const load = (...file) => import(pathToFileURL(path.join(modules, 'fauxqs', 'dist', ...file)))
  const { SqsStore } = await load('sqs', 'sqsStore.js')

  // The hosts in its queues' addresses are names that not every machine can look up.
  SqsStore.prototype.buildQueueUrl = name => `http://127.0.0.1:${port}/000000000000/${name}`
  const { startFauxqs } = await load('app.js')
  await startFauxqs({ port: Number(port), logger: false })
}
