namespace Keyway.Proxy.Configuration.Toml;

/// <summary>The characters of a TOML file, one after the other, with the place of the next.</summary>
internal sealed class TomlText(string text)
{
    /// <summary>What <see cref="Next"/> is behind the last character.</summary>
    public const char End = '\uffff';

    private int _at = text.StartsWith('\ufeff') ? 1 : 0;

    /// <summary>Line of the next character, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Column of the next character, from 1, in characters.</summary>
    public long Column { get; private set; } = 1;

    /// <summary>The next character; the two of a Windows line end are one '\n'.</summary>
    public char Next => At(0) == '\r' && At(1) == '\n' ? '\n' : At(0);

    public bool IsAtEnd => _at >= text.Length;

    /// <summary>True if the next characters are these.</summary>
    public bool Sees(string word) => string.CompareOrdinal(text, _at, word, 0, word.Length) == 0;

    public char Take()
    {
        char taken = Next;
        if (taken == '\n')
        {
            _at += At(0) == '\r' ? 2 : 1;
            Line++;
            Column = 1;
        }
        else
        {
            _at++;
            Column++;
        }

        return taken;
    }

    /// <summary>Takes the character if it is next.</summary>
    public bool TryTake(char wanted)
    {
        if (Next != wanted || IsAtEnd)
        {
            return false;
        }

        Take();
        return true;
    }

    public string TakeWhile(Func<char, bool> isWanted)
    {
        int start = _at;
        while (!IsAtEnd && isWanted(Next))
        {
            Take();
        }

        return text[start.._at];
    }

    public void SkipBlanks() => TakeWhile(static c => c is ' ' or '\t');

    /// <summary>Passes over blanks, line ends and comments.</summary>
    public void SkipLines()
    {
        while (true)
        {
            TakeWhile(static c => c is ' ' or '\t' or '\n');
            if (!TryTake('#'))
            {
                return;
            }

            TakeWhile(static c => c != '\n');
        }
    }

    /// <summary>The exception for a mistake at the next character.</summary>
    public TomlException Mistake(string message, string remedy) => new(Line, Column, message, remedy);

    private char At(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : End;
}
