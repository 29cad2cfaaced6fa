namespace Preimage.Layers.Import.Onnx;

/// <summary>The messages of an ONNX file that are walked into.</summary>
internal enum WireMessage : byte
{
    /// <summary>Not a message: copied as it is.</summary>
    Plain,

    Model, Graph, Node, Attribute, Tensor, ValueInfo, Type, TensorType, TensorShape, Dimension, OperatorSet, Entry, Sparse,

    /// <summary>TensorProto.raw_data: left where it is.</summary>
    RawPayload,

    /// <summary>TensorProto.float_data: left where it is when packed.</summary>
    FloatPayload,
}

/// <summary>Which fields of which message are used, and what they hold. Everything else in a file is skipped.</summary>
internal static class WireSchema
{
    /// <summary>What a field holds, or null where it is skipped.</summary>
    public static WireMessage? Find(WireMessage message, uint field) => (message, field) switch
    {
        (WireMessage.Model, 7) => WireMessage.Graph,
        (WireMessage.Model, 8) => WireMessage.OperatorSet,
        (WireMessage.Model, 1 or 2 or 3) => WireMessage.Plain,
        (WireMessage.Model, 14) => WireMessage.Entry,
        (WireMessage.OperatorSet, 1 or 2) => WireMessage.Plain,
        (WireMessage.Graph, 1) => WireMessage.Node,
        (WireMessage.Graph, 5) => WireMessage.Tensor,
        (WireMessage.Graph, 11 or 12) => WireMessage.ValueInfo,
        (WireMessage.Graph, 15) => WireMessage.Sparse,
        (WireMessage.Graph, 2) => WireMessage.Plain,
        (WireMessage.Node, 5) => WireMessage.Attribute,
        (WireMessage.Node, 1 or 2 or 3 or 4 or 7) => WireMessage.Plain,
        (WireMessage.Attribute, 5) => WireMessage.Tensor,
        (WireMessage.Attribute, 6) => WireMessage.Graph,
        (WireMessage.Attribute, 1 or 2 or 3 or 4 or 7 or 8 or 9 or 20) => WireMessage.Plain,
        (WireMessage.Tensor, 9) => WireMessage.RawPayload,
        (WireMessage.Tensor, 4) => WireMessage.FloatPayload,
        (WireMessage.Tensor, 13) => WireMessage.Entry,
        (WireMessage.Tensor, 1 or 2 or 5 or 7 or 8 or 10 or 11 or 14) => WireMessage.Plain,
        (WireMessage.Entry, 1 or 2) => WireMessage.Plain,
        (WireMessage.ValueInfo, 1) => WireMessage.Plain,
        (WireMessage.ValueInfo, 2) => WireMessage.Type,
        (WireMessage.Type, 1) => WireMessage.TensorType,
        (WireMessage.TensorType, 1) => WireMessage.Plain,
        (WireMessage.TensorType, 2) => WireMessage.TensorShape,
        (WireMessage.TensorShape, 1) => WireMessage.Dimension,
        (WireMessage.Dimension, 1 or 2) => WireMessage.Plain,
        _ => null,
    };
}
