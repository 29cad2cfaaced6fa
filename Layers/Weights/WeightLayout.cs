namespace Preimage.Layers.Weights;

/// <summary>In which order of axes a weight file has its arrays (spec section 2.2).</summary>
public enum WeightLayout
{
    /// <summary>Convolutions [K][C][rows][columns], dense layers [out][in]: PyTorch, Caffe, and this library.</summary>
    OutputFirst,

    /// <summary>Convolutions [K][C][rows][columns], dense layers [in][out]: Theano and Lasagne.</summary>
    Theano,

    /// <summary>Convolutions [rows][columns][C][K], dense layers [in][out] whose inputs come in the order rows, columns, channels: TensorFlow.</summary>
    TensorFlow,
}

/// <summary>How the arrays of a weight file find their layers.</summary>
public enum WeightMatch
{
    /// <summary>By name: the node's, then one of . _ / and the role: conv1.weight, conv1_W, fc6_b, bn1.running_mean.</summary>
    Name,

    /// <summary>In order: the n-th array belongs to the n-th weight of the network, nodes in order, a layer's weight before its bias.</summary>
    Order,
}
