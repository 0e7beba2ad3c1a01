// Usage: node firehose_sdk.js MODULES ADDRESS. AWS's own client against the local Firehose: each check a line "ok NAME" or "not ok NAME: why".
const path = require('path')
const [modules, address] = process.argv.slice(2)
const { FirehoseClient, PutRecordBatchCommand, PutRecordCommand } = require(path.join(modules, '@aws-sdk', 'client-firehose'))

const client = credentials => new FirehoseClient({
  endpoint: address,
  region: 'eu-west-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local-secret', ...credentials },
})
const records = (count, length = 5) => Array.from({ length: count }, () => ({ Data: Buffer.alloc(length, 'x') }))
const put = (list, stream = 'events', credentials = {}) =>
  client(credentials).send(new PutRecordBatchCommand({ DeliveryStreamName: stream, Records: list }))
const script = text => fetch(`${address}_admin/script`, { method: 'POST', body: text })

async function check(name, run) {
  try {
    const problem = await run()
    console.log(problem ? `not ok ${name}: ${problem}` : `ok ${name}`)
  } catch (e) {
    console.log(`not ok ${name}: ${e.name} ${e.message}`)
  }
}

const fails = (name, type, run) => check(name, async () => {
  try {
    await run()
    return 'no error'
  } catch (e) {
    return e.name === type ? '' : `${e.name}: ${e.message}`
  }
})

async function main() {
  await check('batch', async () => {
    const answer = await put(records(3))
    return answer.FailedPutCount === 0 && answer.Encrypted === false && answer.RequestResponses.length === 3
      && answer.RequestResponses.every(entry => entry.RecordId) ? '' : JSON.stringify(answer)
  })
  await check('record', async () => {
    const answer = await client().send(new PutRecordCommand({ DeliveryStreamName: 'events', Record: { Data: Buffer.from('one') } }))
    return answer.RecordId ? '' : JSON.stringify(answer)
  })
  await check('limits', async () => {
    const answers = [await put(records(500)), await put(records(3, 1024000))]
    return answers.every(answer => answer.FailedPutCount === 0) ? '' : JSON.stringify(answers)
  })
  await check('slow', async () => {
    await script('slow:1')
    const answer = await put(records(4))
    return answer.FailedPutCount === 4 && answer.RequestResponses.every(entry =>
      entry.ErrorCode === 'ServiceUnavailableException' && entry.ErrorMessage === 'Slow down.') ? '' : JSON.stringify(answer)
  })
  await fails('501 records', 'ValidationException', () => put(records(501)))
  await fails('record too long', 'ValidationException', () => put(records(1, 1024001)))
  await fails('4 MiB', 'InvalidArgumentException', () => put(records(4, 1024000)))
  await fails('no such stream', 'ResourceNotFoundException', () => put(records(1), 'other'))
  await fails('wrong secret', 'InvalidSignatureException', () => put(records(1), 'events', { secretAccessKey: 'wrong' }))
  await fails('unknown key', 'UnrecognizedClientException', () => put(records(1), 'events', { accessKeyId: 'AKIDOTHER' }))
  await script('unavailable')
  await fails('unavailable', 'ServiceUnavailableException', () => put(records(1)))
  await script('throttle')
  await fails('throttled', 'ThrottlingException', () => put(records(1)))
  await script('expired')
  await fails('expired', 'ExpiredTokenException', () => put(records(1)))
}

main()
