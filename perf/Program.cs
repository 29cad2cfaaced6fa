using Preimage.Perf;

if (args is ["coldstart", string program, string model, string image, string preprocess])
    return ColdStart.Run(program, model, image, preprocess);
Console.Error.WriteLine("usage: coldstart PROGRAM MODEL IMAGE PREPROCESSING (the build puts PROGRAM at Cli/bin/Release/net10.0/preimage); suites per operator come with the engine");
return 2;
