using Preimage.Layers.Import.Matlab;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.MatConvNet;

/// <summary>Reads the variables of a MAT file into a network, whichever of MatConvNet's two forms it has.</summary>
internal sealed class MatConvNetImporter(IReadOnlyDictionary<string, MatArray> variables, LoadOptions options)
{
    /// <summary>Reads the network.</summary>
    /// <exception cref="ModelException">There is none in the file, or a layer is refused: the message names it.</exception>
    public Network Read(MappedStorage storage, string? path)
    {
        if (options.Bind is { Count: > 0 })
            throw new ModelException("LoadOptions.Bind is for models whose files name tensors: a MatConvNet file has none");
        Func<string, MatArray?> find = Root();
        MatArray layers = find("layers") ?? throw new ModelException(
            $"the MAT file holds no network: it has no variable 'layers' or 'net' with one, but {(variables.Count == 0 ? "none" : string.Join(", ", variables.Values.Select(v => $"{v.Name} ({v})")))}");
        MatArray? meta = find("meta");
        if (meta is not null && !meta.IsStruct)
            throw new ModelException($"variable 'meta' is a {meta}: a struct is expected");
        var graph = new ImportedGraph();
        graph.Builder.Metadata = MetadataReader.Read(field => meta?.Field(field) ?? find(field));
        var inputs = new NetworkInputs(graph, options);
        if (layers.Class == MatClass.Cell)
            new SimpleNnReader(graph, inputs).Read(layers);
        else if (layers.IsStruct && layers.Fields!.Contains("inputs"))
            new DagNnReader(graph, inputs).Read(layers, find("params"));
        else
            throw new ModelException($"variable 'layers' is a {layers}: a cell array (SimpleNN) or a struct array with a field 'inputs' (DagNN) is expected");
        inputs.RequireAllUsed();
        return graph.Builder.Build(storage, path);
    }

    /// <summary>Variables by name, out of the struct they are wrapped in where they are.</summary>
    Func<string, MatArray?> Root()
    {
        if (variables.ContainsKey("layers"))
            return variables.GetValueOrDefault;
        MatArray[] wrappers = [.. variables.Values.Where(v => v.IsStruct && v.Count == 1 && v.Field("layers") is not null)];
        if (wrappers.Length > 1)
            throw new ModelException($"the MAT file holds several networks: {string.Join(", ", wrappers.Select(w => w.Name))}");
        if (wrappers is [var net])
            return field => net.Field(field);
        if (variables.Values.FirstOrDefault(v => v.Class is MatClass.Opaque or MatClass.Object) is { } whole)
        {
            throw new ModelException($"variable '{whole.Name}' is a MATLAB object, which is not read. " +
                "In MATLAB, save it as structs: s = net.saveobj(); save('file.mat', '-struct', 's', '-v7')");
        }

        return variables.GetValueOrDefault;
    }
}
