namespace Marketplace.Gateway.Hosting.Requests;

/// <summary>A currency as a parameter.</summary>
internal static class CurrencyCode
{
    public const string Pattern = "[A-Za-z]{3}";

    public const string Rule = "must be three letters (ISO 4217)";
}
