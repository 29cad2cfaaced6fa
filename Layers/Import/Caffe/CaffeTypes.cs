namespace Preimage.Layers.Import.Caffe;

/// <summary>The names of layer types: of the second format, and of the numbers that the first one had instead.</summary>
internal static class CaffeTypes
{
    static readonly (string First, string Second)[] s_types =
    [
        ("NONE", ""), ("ACCURACY", "Accuracy"), ("BNLL", "BNLL"), ("CONCAT", "Concat"), ("CONVOLUTION", "Convolution"), ("DATA", "Data"), ("DROPOUT", "Dropout"),
        ("EUCLIDEAN_LOSS", "EuclideanLoss"), ("FLATTEN", "Flatten"), ("HDF5_DATA", "HDF5Data"), ("HDF5_OUTPUT", "HDF5Output"), ("IM2COL", "Im2col"),
        ("IMAGE_DATA", "ImageData"), ("INFOGAIN_LOSS", "InfogainLoss"), ("INNER_PRODUCT", "InnerProduct"), ("LRN", "LRN"),
        ("MULTINOMIAL_LOGISTIC_LOSS", "MultinomialLogisticLoss"), ("POOLING", "Pooling"), ("RELU", "ReLU"), ("SIGMOID", "Sigmoid"), ("SOFTMAX", "Softmax"),
        ("SOFTMAX_LOSS", "SoftmaxWithLoss"), ("SPLIT", "Split"), ("TANH", "TanH"), ("WINDOW_DATA", "WindowData"), ("ELTWISE", "Eltwise"), ("POWER", "Power"),
        ("SIGMOID_CROSS_ENTROPY_LOSS", "SigmoidCrossEntropyLoss"), ("HINGE_LOSS", "HingeLoss"), ("MEMORY_DATA", "MemoryData"), ("ARGMAX", "ArgMax"),
        ("THRESHOLD", "Threshold"), ("DUMMY_DATA", "DummyData"), ("SLICE", "Slice"), ("MVN", "MVN"), ("ABSVAL", "AbsVal"), ("SILENCE", "Silence"),
        ("CONTRASTIVE_LOSS", "ContrastiveLoss"), ("EXP", "Exp"), ("DECONVOLUTION", "Deconvolution"),
    ];

    /// <summary>The names of the first format, in the order of their numbers.</summary>
    public static IEnumerable<string> FirstNames => s_types.Select(t => t.First);

    /// <summary>The second format's name of a number of the first.</summary>
    public static string OfFirst(long number) => number >= 0 && number < s_types.Length && s_types[number].Second.Length > 0
        ? s_types[number].Second
        : throw new ShapeException($"its type {number} is none of the {s_types.Length} there are");

    /// <summary>Whether a layer gives the network its data.</summary>
    public static bool IsSource(string type) => type is "Input" or "Data" or "ImageData" or "HDF5Data" or "WindowData" or "MemoryData" or "DummyData";

    /// <summary>Whether a layer takes no part in what the network computes: a loss, a measure, an end.</summary>
    public static bool IsDropped(string type) => type is "Accuracy" or "Silence" or "HDF5Output" or "SoftmaxWithLoss" or "EuclideanLoss" or "InfogainLoss"
        or "MultinomialLogisticLoss" or "SigmoidCrossEntropyLoss" or "HingeLoss" or "ContrastiveLoss";

    /// <summary>Whether a layer has learnt weights, with the parameters it has mostly.</summary>
    public static bool IsLearnt(string type) => type is "Convolution" or "Deconvolution" or "InnerProduct" or "PReLU" or "BatchNorm";
}
