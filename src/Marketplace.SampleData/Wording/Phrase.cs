using Marketplace.SampleData.Generation;

namespace Marketplace.SampleData.Wording;

/// <summary>
/// A text with slots, parsed once. Slots: <c>{noun} {Noun} {brand} {model} {adj} {Adj} {adj2} {purpose}</c>;
/// <c>{key}</c> a specification's value; <c>{~key}</c> the same agreeing with the noun;
/// <c>{key#день|дня|дней}</c> (in English <c>{key#day|days}</c>) the value and the word that goes with the number;
/// <c>{=он|она|оно|они}</c> (in English <c>{=it|they}</c>) a word by the noun's form.
/// </summary>
internal sealed class Phrase
{
    private readonly Part[] _parts;
    private readonly Language _language;

    private Phrase(Part[] parts, Language language)
    {
        _parts = parts;
        _language = language;
    }

    private enum Kind
    {
        Literal,
        Noun,
        CapitalNoun,
        Brand,
        Model,
        Adjective,
        CapitalAdjective,
        SecondAdjective,
        Purpose,
        Spec,
        AgreedSpec,
        CountedSpec,
        ByForm,
    }

    /// <exception cref="FormatException">A slot is unknown or has the wrong number of variants.</exception>
    public static Phrase Parse(string template, IReadOnlyList<Spec> specs, Language language)
    {
        var parts = new List<Part>();
        var rest = template.AsSpan();
        while (!rest.IsEmpty)
        {
            var open = rest.IndexOf('{');
            var literal = open < 0 ? rest : rest[..open];
            if (!literal.IsEmpty)
            {
                parts.Add(new Part(Kind.Literal, literal.ToString()));
            }

            if (open < 0)
            {
                break;
            }

            var close = rest.IndexOf('}');
            parts.Add(ParseSlot(rest[(open + 1)..close].ToString(), specs, language));
            rest = rest[(close + 1)..];
        }

        return new Phrase([.. parts], language);
    }

    public void Render(CharBuffer to, Draft draft)
    {
        foreach (var part in _parts)
        {
            switch (part.Kind)
            {
                case Kind.Literal: to.Append(part.Text); break;
                case Kind.Noun: to.Append(draft.Noun.Text); break;
                case Kind.CapitalNoun: to.Append(draft.Noun.Capitalised); break;
                case Kind.Brand: to.Append(draft.Brand); break;
                case Kind.Model: to.Append(draft.Model.Written); break;
                case Kind.Adjective: to.Append(draft.First.For(draft.Noun)); break;
                case Kind.CapitalAdjective:
                    var adjective = draft.First.For(draft.Noun);
                    to.Append(char.ToUpperInvariant(adjective[0])).Append(adjective.AsSpan(1));
                    break;
                case Kind.SecondAdjective: to.Append(draft.Second.For(draft.Noun)); break;
                case Kind.Purpose: to.Append(draft.Purpose); break;
                case Kind.Spec: to.Append(draft.Category.Specs[part.Spec].Value(draft.Values[part.Spec], _language)); break;
                case Kind.AgreedSpec: to.Append(draft.Category.Specs[part.Spec].Agreed(draft.Values[part.Spec], draft.Noun, _language)); break;
                case Kind.CountedSpec: RenderCounted(to, part, draft); break;
                case Kind.ByForm: to.Append(part.Variants[draft.Noun.Form]); break;
            }
        }
    }

    private void RenderCounted(CharBuffer to, Part part, Draft draft)
    {
        var number = (long)draft.Category.Specs[part.Spec].Number(draft.Values[part.Spec]);
        var form = _language == Language.Russian ? Russian.CountForm(number) : number == 1 ? 0 : 1;
        to.Append(number).Append(' ').Append(part.Variants[form]);
    }

    private static Part ParseSlot(string slot, IReadOnlyList<Spec> specs, Language language)
    {
        var russian = language == Language.Russian;
        if (slot[0] == '=')
        {
            return new Part(Kind.ByForm, slot) { Variants = Variants(slot, slot[1..], russian ? 4 : 2) };
        }

        if (slot.IndexOf('#') is var hash and > 0)
        {
            return new Part(Kind.CountedSpec, slot) { Spec = Find(slot[..hash], specs), Variants = Variants(slot, slot[(hash + 1)..], russian ? 3 : 2) };
        }

        return slot switch
        {
            "noun" => new Part(Kind.Noun, slot),
            "Noun" => new Part(Kind.CapitalNoun, slot),
            "brand" => new Part(Kind.Brand, slot),
            "model" => new Part(Kind.Model, slot),
            "adj" => new Part(Kind.Adjective, slot),
            "Adj" => new Part(Kind.CapitalAdjective, slot),
            "adj2" => new Part(Kind.SecondAdjective, slot),
            "purpose" => new Part(Kind.Purpose, slot),
            ['~', .. var key] => new Part(Kind.AgreedSpec, slot) { Spec = Find(key, specs) },
            _ => new Part(Kind.Spec, slot) { Spec = Find(slot, specs) },
        };
    }

    private static string[] Variants(string slot, string text, int count) =>
        text.Split('|') is var variants && variants.Length == count ? variants : throw new FormatException($"{{{slot}}} needs {count} variants.");

    private static int Find(string key, IReadOnlyList<Spec> specs)
    {
        for (var at = 0; at < specs.Count; at++)
        {
            if (specs[at].Key == key)
            {
                return at;
            }
        }

        throw new FormatException($"There is no slot or specification '{key}'.");
    }

    private sealed record Part(Kind Kind, string Text)
    {
        public int Spec { get; init; }

        public string[] Variants { get; init; } = [];
    }
}
