#include "detect/proto/smtp/mime.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto::smtp;

namespace {

struct listener final : mime_reader::listener {
  std::string seen;
  void header(std::string_view name, std::string_view value) override {
    seen += "(" + std::string{name} + "=" + std::string{value} + ")";
  }
  void text(std::string_view line) override { seen += "'" + std::string{line} + "'"; }
  void file_begins(std::string_view name) override { seen += "[" + std::string{name} + "]"; }
  void file_bytes(byte_view bytes) override { seen += as_text(bytes); }
  void file_ends(bool is_whole) override { seen += is_whole ? "|" : "~"; }
  void damaged(std::string_view event) override { seen += "!" + std::string{event}; }
};

std::string read(std::initializer_list<std::string_view> lines) {
  listener hears;
  const settings by_default;
  mime_reader reader{hears, by_default};
  for (const auto line : lines)
    reader.line(line, true);
  reader.end();
  return hears.seen;
}

} // namespace

BOOST_AUTO_TEST_SUITE(smtp_mime)

BOOST_AUTO_TEST_CASE(headers_are_told_with_their_continuation_lines) {
  BOOST_TEST(read({"Subject: a", "\tb", "To:x", "", "text"}) == "(Subject=a b)(To=x)'text'");
}
BOOST_AUTO_TEST_CASE(a_name_may_be_quoted_continued_and_encoded) {
  BOOST_TEST(read({"Content-Disposition: attachment; size=1; filename=\"a; b.txt\"", "", "x"}) ==
             "(Content-Disposition=attachment; size=1; filename=\"a; b.txt\")[a; b.txt]x|");
  BOOST_TEST(read({"Content-Disposition: a; filename*0=\"long-\"; filename*1=name.txt", "", "x"})
                 .ends_with("[long-name.txt]x|"));
  BOOST_TEST(read({"Content-Disposition: a; filename*=utf-8'en'a%20b%zz", "", "x"})
                 .ends_with("[a b%zz]x|"));
}
BOOST_AUTO_TEST_CASE(odd_lengths_are_told) {
  BOOST_TEST(read({"Subject: s", "", std::string(999, 'l')})
                 .ends_with("!mime_long_line'" + std::string(999, 'l') + "'"));
  BOOST_TEST(read({"Content-Transfer-Encoding: base64", "", std::string(80, 'A')})
                 .find("!mime_long_enc_line") != std::string::npos);
  BOOST_TEST(read({std::string(80, 'n') + ": v", "", "x"}).starts_with("!mime_long_header_name"));
  BOOST_TEST(read({"Subject: " + std::string(2001, 'v'), "", "x"})
                 .starts_with("!mime_long_line!mime_long_header_value"));
}
BOOST_AUTO_TEST_CASE(attachments_are_decoded) {
  BOOST_TEST(
      read({"Content-Type: multipart/mixed; boundary=\"b\"",
            "",
            "preamble",
            "--b",
            "Content-Type: text/plain",
            "",
            "hello",
            "--b",
            "Content-Disposition: attachment; filename=\"a.bin\"",
            "Content-Transfer-Encoding: base64",
            "",
            "aGVsbG8g",
            "d29ybGQ=",
            "--b",
            "Content-Type: text/plain; name=c.txt",
            "Content-Transfer-Encoding: quoted-printable",
            "",
            "a=3Db=",
            "c",
            "--b--",
            "epilogue"}) ==
      "(Content-Type=multipart/mixed; boundary=\"b\")'hello'[a.bin]hello world|[c.txt]a=bc\r\n|");
}
BOOST_AUTO_TEST_CASE(multiparts_and_mails_nest) {
  BOOST_TEST(read({"Content-Type: multipart/mixed; boundary=o", "", "--o",
                   "Content-Type: multipart/mixed; boundary=i", "", "--i",
                   "Content-Disposition: attachment; filename=x", "", "1", "2", "--i--", "--o",
                   "Content-Type: message/rfc822", "", "Subject: inner",
                   "Content-Disposition: attachment; filename=y", "", "3", "--o--"}) ==
             "(Content-Type=multipart/mixed; boundary=o)[x]1\r\n2|[y]3|");
}
BOOST_AUTO_TEST_CASE(base64_may_be_cut_into_lines_anywhere) {
  for (const std::string_view text :
       {"a|GVsbG8gd29ybGQ=", "aGVsb|G8gd29ybGQ=", "aGVsbG8gd29ybG|Q="}) {
    const auto cut = text.find('|');
    BOOST_TEST(read({"Content-Disposition: a; filename=f", "Content-Transfer-Encoding: base64", "",
                     text.substr(0, cut), text.substr(cut + 1)})
                   .ends_with("[f]hello world|"));
  }
}
BOOST_AUTO_TEST_CASE(padding_of_base64_ends_a_group_wherever_it_stands) {
  BOOST_TEST(read({"Content-Disposition: a; filename=f", "Content-Transfer-Encoding: base64", "",
                   "NA=", "=Mg", "=="})
                 .ends_with("[f]42|"));
  BOOST_TEST(read({"Content-Disposition: a; filename=f", "Content-Transfer-Encoding: base64", "",
                   "=aGk", "==="})
                 .ends_with("[f]hi|"));
}
BOOST_AUTO_TEST_CASE(what_is_damaged_is_said_once_per_place) {
  BOOST_TEST(read({"Content-Transfer-Encoding: base64", "", "a*b"}).find("!mime_invalid_base64") !=
             std::string::npos);
  BOOST_TEST(
      read({"Content-Transfer-Encoding: quoted-printable", "", "=zz"}).find("!mime_invalid_qp") !=
      std::string::npos);
  BOOST_TEST(read({"X: " + std::string(2 * mime_limits::header_bytes, 'x')})
                 .find("!mime_long_header_value") != std::string::npos);
  BOOST_TEST(read({"Content-Disposition: a; filename=" + std::string(300, 'x'), ""})
                 .find("!mime_long_filename") != std::string::npos);
}
BOOST_AUTO_TEST_CASE(a_file_without_its_last_delimiter_is_unfinished) {
  BOOST_TEST(read({"Content-Type: multipart/mixed; boundary=b", "", "--b",
                   "Content-Disposition: a; filename=f", "", "x"})
                 .ends_with("[f]x~"));
}
BOOST_AUTO_TEST_CASE(depth_is_bounded) {
  listener hears;
  const settings by_default;
  mime_reader reader{hears, by_default};
  for (int i = 0; i < 100; ++i) {
    const auto name = std::string(static_cast<std::size_t>(i) + 1, 'b');
    reader.line("Content-Type: multipart/mixed; boundary=" + name, true);
    reader.line("", true);
    reader.line("--" + name, true);
  }
  reader.end();
}

BOOST_AUTO_TEST_SUITE_END()
