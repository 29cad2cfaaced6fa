using Preimage.Layers;
using Preimage.Perf;
using Preimage.Perf.Networks;

if (args is ["coldstart", string program, string model, string image, string preprocess])
    return ColdStart.Run(program, model, image, preprocess);
if (args is ["network", ..])
{
    bool quick = args.Contains("--quick");
    var options = new SuiteOptions
    {
        Cases = Value("--cases")?.Split(',') ?? [],
        Batches = Value("--batch")?.Split(',').Select(int.Parse).ToArray() ?? (quick ? [1] : [1, 8]),
        Threads = Value("--threads")?.Split(',').Select(int.Parse).ToArray() ?? (quick ? [2] : [1, 2]),
        Rounds = quick ? 3 : 5,
        Burst = quick ? 1 : 3,
    };
    Console.WriteLine($"{Processor.Name}, {Processor.Threads} threads, {Processor.InstructionSet}");
    foreach (int threads in options.Threads)
        Console.WriteLine($"{threads} threads: {options.Peak(threads).PeakFlops / 1e9:F0} GFLOP/s, {options.Peak(threads).Bandwidth / 1e9:F1} GB/s measured");
    Console.WriteLine();
    Console.WriteLine(Row.Heading);
    var rows = new List<Row>();
    foreach (Row row in new NetworkSuite(options).Run())
    {
        rows.Add(row);
        Console.WriteLine(row.ToMarkdown());
    }

    if (Value("--json") is { } file)
        Row.Save(file, rows);
    return 0;
}

Console.Error.WriteLine("usage: network [--cases vgg-16,alexnet] [--batch 1,8] [--threads 1,2] [--quick] [--json FILE]");
Console.Error.WriteLine("       coldstart PROGRAM MODEL IMAGE PREPROCESSING (the build puts PROGRAM at Cli/bin/Release/net10.0/preimage)");
return 2;

string? Value(string name)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
