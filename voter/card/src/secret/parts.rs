//! Dates as people write them, for the parts of 照合番号B: years of an era or of the common era, with
//! or without separators. What is not a date is refused here, before it costs a try.

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// An era of the Japanese calendar: its letters, the year before its first one, and its first day.
struct Era(char, char, u32, (u32, u32, u32));

const ERAS: [Era; 5] = [
    Era('令', 'R', 2018, (2019, 5, 1)),
    Era('平', 'H', 1988, (1989, 1, 8)),
    Era('昭', 'S', 1925, (1926, 12, 25)),
    Era('大', 'T', 1911, (1912, 7, 30)),
    Era('明', 'M', 1867, (1868, 10, 23)),
];
/// The second characters of their names.
const SECOND: [char; 4] = ['和', '成', '正', '治'];

/// Numbers in the order they were typed, each with its count of digits, and the era before them.
struct Typed {
    era: Option<&'static Era>,
    numbers: Zeroizing<[(u32, u8); 3]>,
    count: usize,
}

impl Typed {
    /// None for a letter that is neither digit nor separator nor part of a date.
    fn read(typed: &str) -> Option<Self> {
        let mut read = Self {
            era: None,
            numbers: Zeroizing::new([(0, 0); 3]),
            count: 0,
        };
        let mut inside = false;
        for c in typed.nfkc() {
            if let Some(digit) = c.to_digit(10) {
                read.digit(digit, inside)?;
                inside = true;
                continue;
            }
            inside = false;
            let upper = c.to_ascii_uppercase();
            let era = ERAS.iter().find(|era| era.0 == c || era.1 == upper);
            match (era, read.count) {
                (Some(era), 0) if read.era.is_none() => read.era = Some(era),
                (None, 0) if c == '元' && read.era.is_some() => read.digit(1, false)?,
                (None, 0) if SECOND.contains(&c) && read.era.is_some() => {}
                (None, _) if is_gap(c) => {}
                _ => return None,
            }
        }
        Some(read)
    }

    fn digit(&mut self, digit: u32, inside: bool) -> Option<()> {
        if !inside {
            self.count += 1;
        }
        let number = self.numbers.get_mut(self.count.checked_sub(1)?)?;
        *number = (number.0.checked_mul(10)?.checked_add(digit)?, number.1 + 1);
        (number.1 <= 8).then_some(())
    }

    fn numbers(&self) -> &[(u32, u8)] {
        self.numbers.get(..self.count).unwrap_or_default()
    }
}

fn is_gap(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | 'ー' | '.' | '/' | ',' | '・' | '年' | '月' | '日' | '生'
    )
}

/// Year of the era, month and day, two digits each, of a date of birth. Six digits are taken as they
/// are; eight are a date of the common era.
pub(super) fn birth(typed: &str) -> Option<Zeroizing<[u8; 6]>> {
    let typed = Typed::read(typed)?;
    let (year, month, day) = match *typed.numbers() {
        [(all, 6)] => return two_digits([all / 10_000, all / 100 % 100, all % 100]),
        [(all, 8)] if typed.era.is_none() => of_era((all / 10_000, all / 100 % 100, all % 100))?,
        [(year, 4), (month, ..=2), (day, ..=2)] if typed.era.is_none() => {
            of_era((year, month, day))?
        }
        [(year, ..=2), (month, ..=2), (day, ..=2)] => (year, month, day),
        _ => return None,
    };
    let is_date = (1..=12).contains(&month) && (1..=31).contains(&day) && year > 0;
    two_digits([year, month, day]).filter(|_| is_date)
}

/// Year of the era in force on a day of the common era.
fn of_era(day: (u32, u32, u32)) -> Option<(u32, u32, u32)> {
    let era = ERAS.iter().find(|era| day >= era.3)?;
    Some((day.0 - era.2, day.1, day.2))
}

fn two_digits(numbers: [u32; 3]) -> Option<Zeroizing<[u8; 6]>> {
    let mut out = Zeroizing::new([0; 6]);
    for (pair, number) in out.chunks_exact_mut(2).zip(numbers) {
        if number > 99 {
            return None;
        }
        for (place, digit) in pair.iter_mut().zip([number / 10, number % 10]) {
            *place = b'0' + u8::try_from(digit).ok()?;
        }
    }
    Some(out)
}

/// The year of the common era in which the card expires, four digits; month and day may follow.
pub(super) fn year(typed: &str) -> Option<Zeroizing<[u8; 4]>> {
    let typed = Typed::read(typed)?;
    let year = match (typed.era, typed.numbers()) {
        (None, [(year, 4), ..]) => *year,
        (None, [(all, 8)]) => all / 10_000,
        (Some(era), [(year, 1..=2), ..]) => era.2 + year,
        _ => return None,
    };
    let mut out = Zeroizing::new([0; 4]);
    for (place, unit) in out.iter_mut().zip([1000, 100, 10, 1]) {
        *place = b'0' + u8::try_from(year / unit % 10).ok()?;
    }
    (1990..=2999).contains(&year).then_some(out)
}
