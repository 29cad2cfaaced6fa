namespace Preimage.Layers;

/// <summary>The base of every error this library reports about its input: a model, a shape, a target, a device.</summary>
/// <remarks>The message is complete by itself: it names the thing, the numbers and the way out.</remarks>
public class PreimageException : Exception
{
    /// <summary>Makes an error with its whole message.</summary>
    public PreimageException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>Shapes that do not fit each other, or that this library does not run.</summary>
public class ShapeException : PreimageException
{
    /// <summary>Makes an error with its whole message.</summary>
    public ShapeException(string message) : base(message) { }
}

/// <summary>A model that cannot be loaded or run; names the node and the operator where there is one.</summary>
public class ModelException : PreimageException
{
    /// <summary>Makes an error about a whole model.</summary>
    public ModelException(string message, Exception? inner = null) : base(message, inner) { }

    /// <summary>Makes an error about one node.</summary>
    public ModelException(string node, string operatorName, string reason, Exception? inner = null)
        : base($"node '{node}' ({operatorName}): {reason}", inner)
    {
        Node = node;
        Operator = operatorName;
    }

    /// <summary>The name of the node, where one is to blame.</summary>
    public string? Node { get; }

    /// <summary>The operator of that node.</summary>
    public string? Operator { get; }
}

/// <summary>A model with an operator this library does not know.</summary>
public sealed class UnsupportedOperatorException : ModelException
{
    /// <summary>Makes an error about one node.</summary>
    public UnsupportedOperatorException(string node, string operatorName, string reason) : base(node, operatorName, reason) { }
}

/// <summary>A device that was asked for and is not there.</summary>
public sealed class DeviceException : PreimageException
{
    /// <summary>Makes an error with its whole message.</summary>
    public DeviceException(string message, Exception? inner = null) : base(message, inner) { }
}
