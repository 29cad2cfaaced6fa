namespace Preimage.Cli.Commands;

/// <summary>Command lines to begin with, which stand below each command's help.</summary>
internal static class Examples
{
    static readonly Dictionary<string, string[]> s_lines = new()
    {
        ["demo"] = ["preimage demo", "preimage demo --out show"],
        ["gallery"] = ["preimage gallery model.onnx cat.png dog.png --preprocess imagenet-caffe --labels names.txt", "preimage gallery model.onnx cat.png --classes 1 --no-inversion --out page"],
        ["inspect"] = ["preimage inspect model.onnx"],
        ["classify"] = ["preimage classify model.onnx cat.png --preprocess imagenet-torch --labels names.txt", "preimage classify model.onnx input.npy --top 10"],
        ["explain"] =
        [
            "preimage explain model.onnx cat.png --preprocess imagenet-caffe", "preimage explain model.onnx cat.png --class 285 --method grad-cam,lrp --layer fire9/concat --out cat-285.png",
            "preimage explain model.onnx cat.png --node fire8/concat --unit 12,6,6 --method deconvnet",
        ],
        ["measure"] = ["preimage measure model.onnx cat.png dog.png --method saliency,guided --metric deletion,insertion --preprocess imagenet-caffe --out table.md"],
        ["top"] = ["preimage top model.onnx --node fire4/concat --data photos --units 3,5", "preimage top model.onnx --node fire4/concat --data photos --json top.json"],
        ["decode"] = ["preimage decode model.onnx --node conv1", "preimage decode model.onnx --node L5 --units 0-49 --unpool bilinear --out filters.png"],
        ["invert"] = ["preimage invert model.onnx cat.png --node fire4/concat --preprocess imagenet-caffe -C 100", "preimage invert --representation hogb cat.png"],
        ["maximize"] = ["preimage maximize model.onnx --class 285 --preprocess imagenet-caffe", "preimage maximize model.onnx --node fire4/concat --unit 0-8 --optimiser Adam --parameterisation Fourier"],
        ["caricature"] = ["preimage caricature model.onnx cat.png --node fire4/concat --preprocess imagenet-caffe"],
        ["backtrack"] = ["preimage backtrack lenet.onnx three.png", "preimage backtrack lenet.onnx three.png --compare eight.png --suppress common --save units.npy"],
        ["track"] = ["preimage track lenet.onnx three.png eight.png", "preimage track lenet.onnx three.png --compare eight.png --set unique --save features.npy"],
        ["train"] = ["preimage train --network lenet --data digits", "preimage train --network tiny-vgg --data folder:photos,size=64 --epochs 20 --out photos.onnx --resume"],
        ["profile"] = ["preimage profile model.onnx --pass guided", "preimage profile model.onnx --batch 8 --threads 4 --trace times.json"],
        ["compare"] = ["preimage compare model.onnx cat.png --devices cpu,cpu:strict", "preimage compare model.onnx cat.png --devices cpu,cuda:0 --method guided"],
        ["reproduce"] = ["preimage reproduce --list", "preimage reproduce mv-fig5 --out fig5 --model model.onnx --images photos"],
        ["devices"] = ["preimage devices"],
    };

    /// <summary>The lines of a command; none for the program itself.</summary>
    public static IReadOnlyList<string> Of(string command) => s_lines.TryGetValue(command, out string[]? lines) ? lines : [];
}
