"""Cases 111 to 114 and 119: four-letter words."""

import re

from ensemble import four_letter_word
from wire_cases.server import WireServer


class WordCases(WireServer):
    def test_111_ruok_and_isro(self):
        self.assertEqual(four_letter_word(self.port, "ruok"), "imok")
        self.assertEqual(four_letter_word(self.port, "isro"), "rw")

    def test_112_a_word_that_is_not_allowed_says_so(self):
        self.assertEqual(four_letter_word(self.port, "conf"),
                         "conf is not executed because it is not in the whitelist.\n")

    def test_113_srvr_of_a_fresh_server(self):
        self.assertRegex(self.fresh, r"(?m)^Mode: (standalone|follower)$")
        self.assertRegex(self.fresh, r"(?m)^Node count: 5$")
        self.assertRegex(self.fresh, r"(?m)^Zxid: 0x[0-9a-f]+$")

    def test_114_mntr_has_tabs_and_begins_with_the_version(self):
        lines = four_letter_word(self.port, "mntr").splitlines()
        self.assertTrue(lines[0].startswith("zk_version\t"), lines[0])
        for line in lines:
            self.assertTrue(re.fullmatch(r"zk_[^\t\s]+\t[^\t]+", line), line)

    def test_119_a_word_with_a_line_end(self):
        for word in ("ruok\n", "ruok\r\n"):
            self.assertEqual(four_letter_word(self.port, word), "imok")
