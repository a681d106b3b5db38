using System.CommandLine;
using Marketplace.Cli.Running;
using Marketplace.SampleData;

namespace Marketplace.Cli.Shop.Input;

/// <summary>Where a command's products come from: a file, stdin, or the sample catalogue.</summary>
internal sealed class ProductInput
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Файл товаров: объект JSON, массив или строки JSON (ndjson); «-» — стандартный ввод.",
    };

    private readonly Option<bool> _sample = new("--sample") { Description = $"Вместо файла — каталог для пробы: {SampleCatalog.DefaultCount} товаров." };

    private readonly Option<int?> _count = new("--count") { HelpName = "число", Description = "Сколько товаров взять из каталога для пробы." };

    private readonly Option<string> _format = new Option<string>("--format")
    {
        HelpName = "auto|json|ndjson",
        Description = "Вид файла, если он не узнаётся сам.",
        DefaultValueFactory = _ => "auto",
    }.AcceptOnlyFromAmong("auto", "json", "ndjson");

    public void AddTo(Command command)
    {
        command.Arguments.Add(_file);
        command.Options.Add(_sample);
        command.Options.Add(_count);
        command.Options.Add(_format);
        _count.MustBe(count => count is null or >= 1, $"--count: от 1 до {int.MaxValue}");
        command.Validators.Add(result =>
        {
            var hasFile = result.GetResult(_file)?.Tokens.Count > 0;
            if (hasFile == result.GetValue(_sample))
            {
                result.AddError(hasFile ? "FILE и --sample вместе не бывают" : "укажите FILE или --sample");
            }
            else if (result.GetResult(_count) is { Tokens.Count: > 0 } && !result.GetValue(_sample))
            {
                result.AddError("--count бывает только с --sample");
            }
        });
    }

    /// <exception cref="CommandFailure">There is no such file, or it may not be read.</exception>
    public IProductSource Open(Invocation run)
    {
        if (run.Get(_sample))
        {
            return new SampleProducts(run.Get(_count) ?? SampleCatalog.DefaultCount);
        }

        var file = run.Get(_file)!;
        var format = run.Get(_format) switch { "json" => InputFormat.Json, "ndjson" => InputFormat.Ndjson, _ => InputFormat.Auto };
        if (file == "-")
        {
            return new StreamProducts(run.Terminal.In, "стандартный ввод", length: null, format);
        }

        var stream = InputFile.Open(file);
        return new StreamProducts(stream, file, stream.CanSeek ? stream.Length : null, format);
    }
}
