// Runs an ONNX file in ONNX Runtime: ort_peer.js MODEL BATCH THREADS. Answers as PeerProcess.cs says.
const ort = require('onnxruntime-node');
const { createInterface } = require('readline');

(async () => {
  const [model, batch, threads] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all',
  });
  const name = session.inputNames[0];
  const size = JSON.parse(process.argv[5]).slice(1);
  const count = size.reduce((a, b) => a * b, batch);
  const values = Float32Array.from({ length: count }, (_, i) => Math.sin(i));
  const feeds = { [name]: new ort.Tensor('float32', values, [batch, ...size]) };
  for (let i = 0; i < 2; i++) await session.run(feeds);
  console.log('ready ' + ort.env.versions.node);
  for await (const line of createInterface({ input: process.stdin })) {
    const times = [];
    for (let i = 0; i < Number(line.split(' ')[1]); i++) {
      const start = process.hrtime.bigint();
      await session.run(feeds);
      times.push(Number(process.hrtime.bigint() - start) / 1e6);
    }
    console.log(times.map(t => t.toFixed(4)).join(' '));
  }
})().catch(e => { console.error(String(e.message).split('\n')[0]); process.exit(1); });
