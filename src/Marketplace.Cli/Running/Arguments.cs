using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Marketplace.Cli.Running;

/// <summary>Arguments that several commands have.</summary>
internal static class Arguments
{
    public static Argument<string> ProductId() => Id("ID", "Идентификатор товара (product_id).");

    /// <summary>An id that goes into a path: any text but the empty one, '.' and '..', which no path can carry.</summary>
    public static Argument<string> Id(string name, string description)
    {
        var id = new Argument<string>(name) { Description = description };
        id.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" or "." or ".." }])
            {
                result.AddError($"{name}: пустая строка, «.» и «..» идентификатором быть не могут");
            }
        });
        return id;
    }

    public static Option<int?> Limit(string description = "Сколько показать: от 1 до 100, если не сказано — 10.") =>
        new Option<int?>("--limit") { HelpName = "число", Description = description }.MustBe(static _ => true, "");

    public static Option<int?> Offset() => new Option<int?>("--offset") { HelpName = "число", Description = "Сколько пропустить с начала." }.MustBe(static _ => true, "");

    /// <summary>Refuses a number that breaks the rule, and what is no number.</summary>
    public static Option<T> MustBe<T>(this Option<T> option, Func<T?, bool> rule, string error)
    {
        option.Validators.Add(result =>
        {
            try
            {
                if (!rule(result.GetValueOrDefault<T>()))
                {
                    result.AddError(error);
                }
            }
            catch (InvalidOperationException)
            {
                // The parser throws where the text is of another type.
                var text = string.Join(' ', result.Tokens);
                result.AddError(error.Length > 0 && BigInteger.TryParse(text, CultureInfo.InvariantCulture, out _) ? error : $"{option.Name}: нужно целое число, а не «{text}»");
            }
        });
        return option;
    }
}
