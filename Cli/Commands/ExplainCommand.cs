using System.CommandLine;
using System.Globalization;
using Preimage.Algorithms.Attribution;
using Preimage.Cli.Documents;
using Preimage.Cli.Explaining;
using Preimage.Cli.Inputs;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage explain MODEL IMAGE...</c>: which pixels a class or a unit answers to.</summary>
internal static class ExplainCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CancellationToken cancellation)
    {
        var model = new ModelFile();
        Argument<string[]> images = CommonOptions.Images();
        Option<string> method = MethodNames.Option();
        Option<int?> class_ = new("--class") { Description = "The class to explain, by its index; without it the strongest.", HelpName = "N" };
        Option<string?> node = new("--node") { Description = "Explain a unit of this node instead of a class.", HelpName = "NAME" };
        Option<string?> unit = new("--unit") { Description = "The unit of --node, by its index or by its place; without it the strongest.", HelpName = "I|CHANNEL,ROW,COLUMN" };
        Option<string> seed = new Option<string>("--seed") { Description = "The value a signal starts with.", DefaultValueFactory = _ => "one" };
        seed.AcceptOnlyFromAmong("one", "activation");
        Option<string?> preprocess = CommonOptions.Preprocess(), labels = CommonOptions.Labels();
        var where = new EngineArguments();
        Option<string?> picture = new("--out")
        {
            Description = "Where the picture goes (.png, .ppm). Without it and --save-map: IMAGE-METHOD.png in the current folder.", HelpName = "PNG",
        };
        Option<string?> saveMap = new("--save-map")
        {
            Description = "Save the map's numbers as float32 N,C,H,W; several images or methods get their number and name behind.", HelpName = "NPY",
        };
        picture.Written(picture: true);
        saveMap.Written();
        Option<bool> json = CommonOptions.Json(ExplainDocument.Form);
        var command = new Command("explain", "Draw which pixels a class, or a unit inside the network, answers to.")
        {
            model.Path, model.Structure, images, method, class_, node, unit, seed, preprocess, where.Device, where.Precision, picture, saveMap, labels, json,
        };
        var settings = new MethodSettings();
        settings.AddTo(command);
        command.SetAction(parsed =>
        {
            string[] files = parsed.GetRequiredValue(images);
            IReadOnlyList<string> methods = MethodNames.Of(parsed.GetRequiredValue(method));
            string? map = parsed.GetValue(saveMap), sheet = parsed.GetValue(picture);
            var request = new ExplainRequest
            {
                Model = () => model.Load(parsed),
                Images = files,
                Methods = methods.Count > 0 ? methods : throw new UsageException("--method names no method"),
                Set = settings.Of(parsed, methods),
                Target = TargetOf(parsed.GetValue(class_), parsed.GetValue(node), parsed.GetValue(unit)),
                Seed = parsed.GetValue(seed) == "one" ? Seed.One : Seed.Activation,
                Engine = network => where.Make(network, parsed),
                Preprocess = parsed.GetValue(preprocess),
                Labels = parsed.GetValue(labels),
                Out = sheet ?? (map is null ? $"{Path.GetFileNameWithoutExtension(files[0])}-{(methods.Count == 1 ? methods[0] : "methods")}.png" : null),
                SaveMap = map,
                Json = parsed.GetValue(json),
            };
            return new Explainer(request, cancellation).Run();
        });
        return command;
    }

    static Target TargetOf(int? index, string? node, string? unit)
    {
        if (index is not null && node is not null)
            throw new UsageException("--class explains a logit and --node a unit inside: give one of them");
        if (node is null)
            return unit is null ? index is null ? Target.Argmax : Target.Class(index.Value) : throw new UsageException("--unit needs --node");
        if (unit is null)
            return Target.ArgmaxOf(node);
        int[] numbers = [.. unit.Split(',').Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
        return numbers switch
        {
            [>= 0] => Target.Neuron(node, numbers[0]),
            [>= 0, >= 0, >= 0] => Target.Neuron(node, numbers[0], numbers[1], numbers[2]),
            _ => throw new UsageException($"--unit {unit}: an index, or channel,row,column, is wanted"),
        };
    }
}
