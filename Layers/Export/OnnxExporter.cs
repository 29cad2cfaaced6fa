using Preimage.Layers.Files;
using Preimage.Layers.Import.Onnx;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;

namespace Preimage.Layers.Export;

/// <summary>Writes networks as ONNX models: node and value names stay, weights are streamed from where they lie.</summary>
internal static class OnnxExporter
{
    /// <summary>The operator set that is written: the first that has all the network's resizes, and is old enough to be read widely.</summary>
    public const int Opset = 19;

    const int IrVersion = 9;

    /// <summary>Writes a file by way of a temporary one, since the network may still be reading the old one.</summary>
    public static void Save(Network network, string path) => AtomicFile.Write(path, stream => Save(network, stream));

    public static void Save(Network network, Stream stream)
    {
        network.RetainWeights();
        try
        {
            var writer = new GraphWriter(network);
            foreach (Node node in network.Nodes)
            {
                if (node.Layer is not Input)
                    LayerWriters.Write(writer, node);
            }

            AddBoundary(writer, network);
            var model = new ModelProto { IrVersion = IrVersion, ProducerName = "Preimage" };
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
            MetadataEntries.Write(network.Metadata, model);
            StatedSizes.Write(network, writer.ValueOf, model);
            ModelStream.Write(stream, model, writer.Graph, writer.Initialisers);
        }
        finally
        {
            network.ReleaseWeights();
        }
    }

    static void AddBoundary(GraphWriter writer, Network network)
    {
        bool freePlane = false;
        foreach (Node input in network.Inputs)
        {
            var layer = (Input)input.Layer;
            freePlane |= layer.Free.Skip(1).Contains(true);
            string name = writer.ValueOf(input);
            writer.Graph.Input.Add(Value(name, layer.Shape, axis => !layer.Free[axis] ? null : axis == 0 ? "N" : $"{name}_{axis}"));
        }

        bool freeBatch = network.Inputs.Any(i => ((Input)i.Layer).Free[0]) && !network.MixesSamples;
        foreach (Node output in network.Outputs)
        {
            // Extents that follow from free ones are left open.
            writer.Graph.Output.Add(Value(writer.ValueOf(output), writer.ShapeOf(output),
                axis => axis == 0 && freeBatch ? "N" : freePlane ? "" : null));
        }
    }

    static ValueInfoProto Value(string name, Shape shape, Func<int, string?> nameOfAxis)
    {
        var extents = new TensorShapeProto();
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            var dim = new TensorShapeProto.Types.Dimension();
            if (nameOfAxis(axis) is not { } symbol)
                dim.DimValue = shape[axis];
            else if (symbol.Length > 0)
                dim.DimParam = symbol;
            extents.Dim.Add(dim);
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorType.Float, Shape = extents } },
        };
    }
}
