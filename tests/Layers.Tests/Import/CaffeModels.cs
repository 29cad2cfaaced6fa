using Preimage.Layers.Import.Caffe;

namespace Preimage.Layers.Tests.Import;

/// <summary>Small Caffe networks that tests write.</summary>
internal static class CaffeModels
{
    /// <summary>A structure with one input.</summary>
    public static CaffeDraft Net(params object[] extents) => new CaffeDraft("Net").With("name", "test").With("input", "data")
        .With("input_shape", new CaffeDraft("BlobShape").With("dim", extents));

    /// <summary>Adds a layer of the second format.</summary>
    public static CaffeDraft Layer(this CaffeDraft net, string name, string type, string bottoms, string top, params (string Field, object Value)[] fields)
    {
        var layer = new CaffeDraft("Layer").With("name", name).With("type", type);
        foreach (string bottom in bottoms.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            layer.With("bottom", bottom);
        foreach (string one in top.Split(' '))
            layer.With("top", one);
        foreach ((string field, object value) in fields)
            layer.With(field, value);
        return net.With("layer", layer);
    }

    public static (string, object) Parameters(string field, params (string Name, object Value)[] values)
    {
        var parameters = new CaffeDraft(CaffeSchema.Find("Layer", field)!.Message!);
        foreach ((string name, object value) in values)
            parameters.With(name, value);
        return (field, parameters);
    }

    /// <summary>Weights drawn from a seed.</summary>
    public static (string, object) Blob(int seed, params int[] extents)
    {
        var random = new Random(seed);
        return Values([.. Enumerable.Range(0, extents.Aggregate(1, (a, b) => a * b)).Select(_ => random.NextSingle() - 0.4f)], extents);
    }

    public static (string, object) Values(float[] values, params int[] extents) => ("blobs", new CaffeDraft("Blob")
        .With("shape", new CaffeDraft("BlobShape").With("dim", [.. extents.Select(e => (object)e)])).With("data", values));

    /// <summary>The same network in the first format: numbers for types, four extents for every blob.</summary>
    public static CaffeDraft ToFirst(this CaffeDraft net)
    {
        var first = new CaffeDraft("Net");
        foreach ((string name, object value) in net.Fields)
        {
            if (name == "layer")
                first.With("layers", First((CaffeDraft)value));
            else
                first.With(name, value);
        }

        return first;
    }

    public static CaffeDraft Classic() => Net(2, 4, 11, 9)
        .Layer("conv1", "Convolution", "data", "conv1", Parameters("convolution_param", ("num_output", 6), ("kernel_size", 3), ("pad", 1), ("group", 2)),
            Blob(1, 6, 2, 3, 3), Blob(2, 6))
        .Layer("relu1", "ReLU", "conv1", "conv1")
        .Layer("norm1", "LRN", "conv1", "norm1", Parameters("lrn_param", ("local_size", 3), ("alpha", 0.5), ("beta", 0.75)))
        .Layer("pool1", "Pooling", "norm1", "pool1", Parameters("pooling_param", ("pool", "MAX"), ("kernel_size", 3), ("stride", 2)))
        .Layer("conv2", "Convolution", "pool1", "conv2", Parameters("convolution_param", ("num_output", 6), ("kernel_h", 3), ("kernel_w", 1), ("pad_h", 1),
            ("pad_w", 0), ("bias_term", false)), Blob(3, 6, 6, 3, 1))
        .Layer("norm2", "LRN", "conv2", "norm2", Parameters("lrn_param", ("local_size", 3), ("norm_region", "WITHIN_CHANNEL"), ("alpha", 2), ("beta", 0.75)))
        .Layer("sum", "Eltwise", "norm2 pool1", "sum", Parameters("eltwise_param", ("operation", "SUM"), ("coeff", 1), ("coeff", -0.5)))
        .Layer("max", "Eltwise", "sum pool1", "max", Parameters("eltwise_param", ("operation", "MAX")))
        .Layer("all", "Concat", "sum max", "all")
        .Layer("pool2", "Pooling", "all", "pool2", Parameters("pooling_param", ("pool", "AVE"), ("kernel_size", 3), ("stride", 2), ("pad", 1)))
        .Layer("drop", "Dropout", "pool2", "pool2")
        .Layer("ip", "InnerProduct", "pool2", "ip", Parameters("inner_product_param", ("num_output", 5)), Blob(4, 5, 12 * 3 * 3), Blob(5, 5))
        .Layer("prob", "Softmax", "ip", "prob");

    /// <summary>What came with the second format.</summary>
    public static CaffeDraft Modern() => new CaffeDraft("Net").With("name", "modern")
        .Layer("data", "Input", "", "data", ("input_param", new CaffeDraft("Input").With("shape", new CaffeDraft("BlobShape").With("dim", 1, 3, 8, 8))))
        .Layer("conv", "Convolution", "data", "conv", Parameters("convolution_param", ("num_output", 4), ("kernel_size", 3), ("dilation", 2), ("stride", 1),
            ("bias_term", false)), Blob(1, 4, 3, 3, 3))
        .Layer("bn", "BatchNorm", "conv", "conv", Blob(2, 4), Values([1, 2, 3, 4], 4), Values([2], 1))
        .Layer("scale", "Scale", "conv", "conv", Parameters("scale_param", ("bias_term", true)), Blob(4, 4), Blob(5, 4))
        .Layer("prelu", "PReLU", "conv", "conv", Blob(6, 4))
        .Layer("up", "Deconvolution", "conv", "up", Parameters("convolution_param", ("num_output", 4), ("kernel_size", 4), ("stride", 2), ("pad", 1), ("group", 4)),
            Blob(7, 4, 1, 4, 4), Blob(8, 4))
        .Layer("halves", "Slice", "up", "left right")
        .Layer("times", "Eltwise", "left right", "times", Parameters("eltwise_param", ("operation", "PROD")))
        .Layer("affine", "Power", "times", "affine", Parameters("power_param", ("scale", 2), ("shift", 1)))
        .Layer("bias", "Bias", "affine", "affine", Blob(9, 2))
        .Layer("mean", "Pooling", "affine", "mean", Parameters("pooling_param", ("pool", "AVE"), ("global_pooling", true)))
        .Layer("gate", "Sigmoid", "mean", "gate")
        .Layer("flat", "Flatten", "gate", "flat")
        .Layer("gated", "Scale", "affine flat", "gated", Parameters("scale_param", ("axis", 0)))
        .Layer("vector", "Reshape", "gated", "vector", ("reshape_param", new CaffeDraft("Reshape").With("shape", new CaffeDraft("BlobShape").With("dim", 0, -1))))
        .Layer("ip", "InnerProduct", "vector", "ip", Parameters("inner_product_param", ("num_output", 3), ("transpose", true)), Blob(10, 128, 3), Blob(11, 3))
        .Layer("tanh", "TanH", "ip", "ip");

    static CaffeDraft First(CaffeDraft layer)
    {
        var first = new CaffeDraft("LayerV1");
        foreach ((string name, object value) in layer.Fields)
        {
            object changed = name switch
            {
                "type" => CaffeTypes.FirstNames.ElementAt(Enumerable.Range(1, 39).First(i => CaffeTypes.OfFirst(i) == (string)value)),
                "blobs" => FourExtents((CaffeDraft)value),
                _ => value,
            };
            first.With(name, changed);
        }

        return first;
    }

    static CaffeDraft FourExtents(CaffeDraft blob)
    {
        double[] extents = [.. blob.Messages("shape").Single().Fields.Select(f => (double)f.Value)];
        double[] four = [.. Enumerable.Repeat(1.0, 4 - extents.Length), .. extents];
        return new CaffeDraft("Blob").With("num", four[0]).With("channels", four[1]).With("height", four[2]).With("width", four[3])
            .With("data", blob.Fields.Single(f => f.Name == "data").Value);
    }
}
