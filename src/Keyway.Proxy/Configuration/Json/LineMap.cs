using System.Text;

namespace Keyway.Proxy.Configuration.Json;

/// <summary>Lines and columns, both from 1, of offsets into UTF-8 text.</summary>
internal sealed class LineMap
{
    private readonly byte[] _text;
    private readonly List<int> _starts = [0];

    public LineMap(byte[] text)
    {
        _text = text;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'\n')
            {
                _starts.Add(i + 1);
            }
        }
    }

    public (long Line, long Column) PlaceOf(long offset)
    {
        int found = _starts.BinarySearch((int)offset);
        int line = found >= 0 ? found : ~found - 1;
        return (line + 1, Column(line, offset - _starts[line]));
    }

    /// <summary>The column, in characters, of a byte of a line; both count from 0.</summary>
    public long Column(long line, long byteInLine)
    {
        int start = _starts[(int)line];
        int length = (int)Math.Min(byteInLine, _text.Length - start);
        return Encoding.UTF8.GetCharCount(_text, start, length) + 1;
    }
}
