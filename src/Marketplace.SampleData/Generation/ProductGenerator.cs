using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Marketplace.SampleData.Tables;
using Marketplace.SampleData.Wording;

namespace Marketplace.SampleData.Generation;

/// <summary>Rolls a product and writes it as JSON. The description comes last, so that it can fill up to a wanted size.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The JSON writer writes to buffers of the callers and holds nothing to release.")]
internal sealed class ProductGenerator(SampleOptions options)
{
    private const int Stores = 48;
    private const int RussianPercent = 72;
    private const int LeanBelowBytes = 900;
    private const int BareBelowBytes = 700;

    private static readonly Category[] Categories = CategoryTable.All;
    private static readonly Popularity CategoryPopularity = new(Categories.Select(category => (double)category.Weight));
    private static readonly Popularity StorePopularity = Popularity.Zipf(Stores, 0.8);
    private static readonly DateTime Opening = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] RussianViews = [" — вид спереди", " — вид сбоку", " — крупный план", " — в упаковке"];
    private static readonly string[] EnglishViews = [" — front view", " — side view", " — close-up", " — in the box"];

    private readonly Draft _draft = new();
    private readonly CharBuffer _title = new();
    private readonly CharBuffer _text = new();
    private readonly Utf8JsonWriter _json = new(
        Stream.Null,
        new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public void Write(IBufferWriter<byte> output, int index, long id)
    {
        var dice = new Dice(options.Seed, index);
        var language = dice.Chance(RussianPercent) ? Language.Russian : Language.English;
        _draft.Roll(Categories[CategoryPopularity.Pick(ref dice)], language, ref dice);
        _title.Clear();
        _draft.Texts.Title.Render(_title, _draft);

        var isLean = options.TargetBytes < LeanBelowBytes;
        var isBare = options.TargetBytes < BareBelowBytes;
        _json.Reset(output);
        _json.WriteStartObject();
        WriteIdentity(id, ref dice);
        WriteTags(isLean ? 1 : 2 + dice.Below(2), ref dice);
        WriteImages(id, isBare ? 0 : isLean ? 1 : 1 + dice.Below(3));
        WriteSpecifications(isBare ? 2 : isLean ? 3 : int.MaxValue);
        WriteDates(ref dice);
        _json.WriteString("index"u8, "products"u8);
        WriteDescription(ref dice);
        _json.WriteEndObject();
        _json.Flush();
    }

    private void WriteIdentity(long id, ref Dice dice)
    {
        _text.Clear();
        _json.WriteString("product_id"u8, _text.Append(id).Written);
        _json.WriteString("name"u8, _title.Written);
        _json.WriteString("category"u8, _draft.Category.Name);
        _json.WriteString("brand"u8, _draft.Brand);
        var (amount, currency) = PriceTag.Roll(_draft, ref dice);
        _json.WriteStartObject("price"u8);
        _json.WriteNumber("amount"u8, amount);
        _json.WriteString("currency"u8, currency);
        _json.WriteEndObject();
        var available = dice.Chance(8) ? 0 : 1 + (int)(400 * dice.Unit() * dice.Unit());
        _json.WriteStartObject("stock"u8);
        _json.WriteNumber("available"u8, available);
        _json.WriteNumber("reserved"u8, dice.Below((available / 5) + 1));
        _json.WriteEndObject();
        _text.Clear();
        _json.WriteString("sku"u8, _text.Append(_draft.Category.Code).Append('-').Append(id, "D6").Written);
        _text.Clear();
        _json.WriteString("store_id"u8, _text.Append("store_").Append(1 + StorePopularity.Pick(ref dice), "D3").Written);
    }

    private void WriteTags(int count, ref Dice dice)
    {
        var tags = _draft.Texts.Tags;
        var first = dice.Below(tags.Length);
        _json.WriteStartArray("tags"u8);
        for (var n = 0; n < Math.Min(count, tags.Length); n++)
        {
            _json.WriteStringValue(tags[(first + n) % tags.Length]);
        }

        _json.WriteEndArray();
    }

    private void WriteImages(long id, int count)
    {
        var views = _draft.Texts.Language == Language.Russian ? RussianViews : EnglishViews;
        _json.WriteStartArray("images"u8);
        for (var n = 0; n < count; n++)
        {
            _json.WriteStartObject();
            _text.Clear();
            _text.Append("https://img.example.com/").Append(_draft.Category.Slug).Append('/').Append(id).Append('-').Append(n + 1).Append(".jpg");
            _json.WriteString("url"u8, _text.Written);
            _text.Clear();
            _json.WriteString("alt"u8, _text.Append(_title.Written).Append(views[n]).Written);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteSpecifications(int most)
    {
        var specs = _draft.Category.Specs;
        _json.WriteStartObject("specifications"u8);
        for (var at = 0; at < Math.Min(most, specs.Length); at++)
        {
            if (specs[at].IsNumber)
            {
                _json.WriteNumber(specs[at].Key, specs[at].Number(_draft.Values[at]));
            }
            else
            {
                _json.WriteString(specs[at].Key, specs[at].Value(_draft.Values[at], _draft.Texts.Language));
            }
        }

        _json.WriteEndObject();
    }

    private void WriteDates(ref Dice dice)
    {
        var created = Opening.AddSeconds(dice.Below(730 * 86_400));
        _json.WriteString("created_at"u8, created);
        _json.WriteString("updated_at"u8, created.AddSeconds(dice.Below(180 * 86_400)));
    }

    /// <summary>One to four sentences, or as many as the wanted size takes; none twice before all were used.</summary>
    private void WriteDescription(ref Dice dice)
    {
        const int keyBytes = 20;
        var sentences = _draft.Texts.Sentences;
        var next = dice.Below(sentences.Length);
        var step = StepThrough(sentences.Length, ref dice);
        var wanted = 1 + dice.Below(4);
        var room = options.TargetBytes - keyBytes - (int)(_json.BytesCommitted + _json.BytesPending);
        var longest = 0;

        _text.Clear();
        _draft.Texts.Opening.Render(_text, _draft);
        for (var count = 1; ; count++)
        {
            var bytes = Encoding.UTF8.GetByteCount(_text.Written);
            longest = Math.Max(longest, bytes / count);
            if (room is { } limit ? bytes + (longest / 2) > limit : count >= wanted)
            {
                break;
            }

            _text.Append(' ');
            sentences[next].Render(_text, _draft);
            next = (next + step) % sentences.Length;
        }

        _json.WriteString("description"u8, _text.Written);
    }

    /// <summary>A step that visits every place of a circle of this length: one without a common divisor.</summary>
    private static int StepThrough(int length, ref Dice dice)
    {
        var step = 1 + dice.Below(length - 1);
        while (GreatestCommonDivisor(step, length) != 1)
        {
            step = 1 + (step % (length - 1));
        }

        return step;
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
