using System.Globalization;

namespace Preimage.Layers.Import.Caffe;

/// <summary>The messages of Caffe's model files that are read: names, numbers and contents of their fields.</summary>
/// <remarks>Each field is "name number content": int, bool, float, string, floats and doubles (weights), unused, names with bars between for an enumeration, or
/// the kind of a message. Layers may have parameters beyond these (of data sources, of losses, of extensions): they are skipped.</remarks>
internal static class CaffeSchema
{
    /// <summary>The kind of the outermost message.</summary>
    public const string Root = "Net";

    static readonly Dictionary<string, CaffeField[]> s_messages = new(StringComparer.Ordinal)
    {
        [Root] = Fields("name 1 string, layers 2 LayerV1, input 3 string, input_dim 4 int, force_backward 5 bool, input_shape 8 BlobShape, layer 100 Layer"),
        ["Layer"] = Fields("name 1 string, type 2 string, bottom 3 string, top 4 string, blobs 7 Blob, include 8 Rule, exclude 9 Rule, transform_param 100 Transform, " +
            "concat_param 104 Concat, convolution_param 106 Convolution, dummy_data_param 109 DummyData, eltwise_param 110 Eltwise, " +
            "inner_product_param 117 InnerProduct, lrn_param 118 Lrn, memory_data_param 119 MemoryData, pooling_param 121 Pooling, power_param 122 Power, " +
            "relu_param 123 Relu, softmax_param 125 Softmax, slice_param 126 Slice, prelu_param 131 PRelu, reshape_param 133 Reshape, flatten_param 135 Flatten, " +
            "batch_norm_param 139 BatchNorm, bias_param 141 Bias, scale_param 142 Scale, input_param 143 Input"),
        ["LayerV1"] = Fields("layer 1 LayerV0, bottom 2 string, top 3 string, name 4 string, type 5 " + string.Join('|', CaffeTypes.FirstNames) + ", blobs 6 Blob, " +
            "concat_param 9 Concat, convolution_param 10 Convolution, inner_product_param 17 InnerProduct, lrn_param 18 Lrn, pooling_param 19 Pooling, " +
            "power_param 21 Power, memory_data_param 22 MemoryData, eltwise_param 24 Eltwise, dummy_data_param 26 DummyData, relu_param 30 Relu, " +
            "slice_param 31 Slice, include 32 Rule, exclude 33 Rule, transform_param 36 Transform, softmax_param 39 Softmax"),
        ["LayerV0"] = Fields("name 1 string, type 2 string"),
        ["BlobShape"] = Fields("dim 1 int"),
        ["Blob"] = Fields("num 1 int, channels 2 int, height 3 int, width 4 int, data 5 floats, shape 7 BlobShape, double_data 8 doubles"),
        ["Rule"] = Fields("phase 1 TRAIN|TEST, min_level 2 int, max_level 3 int, stage 4 string, not_stage 5 string"),
        ["Transform"] = Fields("scale 1 float, mirror 2 bool, crop_size 3 int, mean_file 4 string, mean_value 5 float, force_color 6 bool, force_gray 7 bool"),
        ["Concat"] = Fields("concat_dim 1 int, axis 2 int"),
        ["Convolution"] = Fields("num_output 1 int, bias_term 2 bool, pad 3 int, kernel_size 4 int, group 5 int, stride 6 int, weight_filler 7 Filler, " +
            "bias_filler 8 Filler, pad_h 9 int, pad_w 10 int, kernel_h 11 int, kernel_w 12 int, stride_h 13 int, stride_w 14 int, engine 15 unused" +
            ", axis 16 int, force_nd_im2col 17 bool, dilation 18 int"),
        ["DummyData"] = Fields("data_filler 1 Filler, num 2 int, channels 3 int, height 4 int, width 5 int, shape 6 BlobShape"),
        ["Eltwise"] = Fields("operation 1 PROD|SUM|MAX, coeff 2 float, stable_prod_grad 3 bool"),
        ["InnerProduct"] = Fields("num_output 1 int, bias_term 2 bool, weight_filler 3 Filler, bias_filler 4 Filler, axis 5 int, transpose 6 bool"),
        ["Lrn"] = Fields("local_size 1 int, alpha 2 float, beta 3 float, norm_region 4 ACROSS_CHANNELS|WITHIN_CHANNEL, k 5 float, engine 6 unused"),
        ["MemoryData"] = Fields("batch_size 1 int, channels 2 int, height 3 int, width 4 int"),
        ["Pooling"] = Fields("pool 1 MAX|AVE|STOCHASTIC, kernel_size 2 int, stride 3 int, pad 4 int, kernel_h 5 int, kernel_w 6 int, stride_h 7 int, " +
            "stride_w 8 int, pad_h 9 int, pad_w 10 int, engine 11 unused, global_pooling 12 bool, round_mode 13 CEIL|FLOOR"),
        ["Power"] = Fields("power 1 float, scale 2 float, shift 3 float"),
        ["Relu"] = Fields("negative_slope 1 float, engine 2 unused"),
        ["Softmax"] = Fields("engine 1 unused, axis 2 int"),
        ["Slice"] = Fields("slice_dim 1 int, slice_point 2 int, axis 3 int"),
        ["PRelu"] = Fields("filler 1 Filler, channel_shared 2 bool"),
        ["Reshape"] = Fields("shape 1 BlobShape, axis 2 int, num_axes 3 int"),
        ["Flatten"] = Fields("axis 1 int, end_axis 2 int"),
        ["BatchNorm"] = Fields("use_global_stats 1 bool, moving_average_fraction 2 float, eps 3 float"),
        ["Bias"] = Fields("axis 1 int, num_axes 2 int, filler 3 Filler"),
        ["Scale"] = Fields("axis 1 int, num_axes 2 int, filler 3 Filler, bias_term 4 bool, bias_filler 5 Filler"),
        ["Input"] = Fields("shape 1 BlobShape"),
        // How weights were drawn before training: nothing of it is used.
        ["Filler"] = Fields("type 1 string, value 2 float, min 3 float, max 4 float, mean 5 float, std 6 float, sparse 7 int, variance_norm 8 FAN_IN|FAN_OUT|AVERAGE"),
    };

    /// <summary>The field of a name, or null.</summary>
    public static CaffeField? Find(string message, string name) => Array.Find(s_messages[message], f => f.Name == name);

    /// <summary>The field of a number, or null.</summary>
    public static CaffeField? Find(string message, uint number) => Array.Find(s_messages[message], f => f.Number == number);

    /// <summary>Whether a message may have fields beyond those listed, which are skipped. Where they would change what is computed, it may not.</summary>
    public static bool IsOpen(string message) => message is Root or "Layer" or "LayerV1" or "LayerV0" or "Blob" or "Transform" or "Filler";

    static CaffeField[] Fields(string text) => Array.ConvertAll(text.Split(','), field =>
    {
        string[] words = field.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        uint number = uint.Parse(words[1], CultureInfo.InvariantCulture);
        return words[2] switch
        {
            "int" => new CaffeField(words[0], number, CaffeContent.Integer, null, null),
            "bool" => new CaffeField(words[0], number, CaffeContent.Flag, null, null),
            "float" => new CaffeField(words[0], number, CaffeContent.Number, null, null),
            "string" => new CaffeField(words[0], number, CaffeContent.Text, null, null),
            "floats" => new CaffeField(words[0], number, CaffeContent.Singles, null, null),
            "unused" => new CaffeField(words[0], number, CaffeContent.Unused, null, null),
            "doubles" => new CaffeField(words[0], number, CaffeContent.Doubles, null, null),
            string names when names.Contains('|', StringComparison.Ordinal) => new CaffeField(words[0], number, CaffeContent.Integer, null, names.Split('|')),
            string kind => new CaffeField(words[0], number, CaffeContent.Message, kind, null),
        };
    });
}
