//! Mutations of seeds, repeatable by their number.

/// A source of mutations.
pub struct Mutator(u64);

impl Mutator {
    /// The one with this number.
    pub fn new(number: u64) -> Mutator {
        Mutator(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    /// A number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// Random octets, fewer than `limit`.
    pub fn octets(&mut self, limit: usize) -> Vec<u8> {
        let count = self.below(limit);
        (0..count).map(|_| self.next() as u8).collect()
    }

    /// A source of octets for whoever needs dice.
    pub fn dice(&mut self) -> impl FnMut(&mut [u8]) + use<> {
        let mut own = Mutator::new(self.next());
        move |octets| octets.fill_with(|| own.next() as u8)
    }

    /// A seed, or a piece of one, with a few changes.
    pub fn input(&mut self, seeds: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
        let mut input = seeds[self.below(seeds.len())].clone();
        // Small inputs reach as deep, and more of them fit into an hour.
        if input.len() > 400 && self.below(4) != 0 {
            let from = self.below(input.len() - 300);
            let length = 100 + self.below(200);
            input = input[from..from + length].to_vec();
        }
        for _ in 0..=self.below(6) {
            self.change(&mut input, seeds, words);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, seeds: &[Vec<u8>], words: &[&str]) {
        let at = self.below(input.len() + 1);
        let length = self.below(24).min(input.len() - at);
        match self.below(8) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = self.next() as u8,
            2 => input.insert(at, [0, 0xff, b' ', b'\n', 2, b'{'][self.below(6)]),
            3 => drop(input.drain(at..at + length)),
            4 => {
                let piece = input[at..at + length].to_vec();
                let to = self.below(input.len() + 1);
                input.splice(to..to, piece);
            }
            5 => {
                let other = &seeds[self.below(seeds.len())];
                let from = self.below(other.len());
                let piece = other[from..(from + 40).min(other.len())].to_vec();
                input.splice(at..at + length, piece);
            }
            6 => input.truncate(at),
            _ if !words.is_empty() => {
                let word = words[self.below(words.len())].bytes();
                let word: Vec<u8> = word.chain([b"\t\n "[self.below(3)]]).collect();
                input.splice(at..at, word);
            }
            _ => input.push(self.next() as u8),
        }
    }
}
