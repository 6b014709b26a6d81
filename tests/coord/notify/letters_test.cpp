// Templates, letters in the languages that are shipped, the report, the days of a digest.
#include "coord/notify/letters.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

using namespace cresset;
using namespace cresset::coord;
using namespace cresset::coord::notify;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view names[] = {"a", "b", "list", "in"};

template_text parsed(std::string_view text) {
  auto read = template_text::parse(text, names);
  BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error()));
  return *std::move(read);
}

std::string refusal(std::string_view text) {
  const auto read = template_text::parse(text, names);
  return read ? std::string{} : read.error();
}

std::string file(const std::string& language, const char* name) {
  std::ifstream in{std::string{CRESSET_SOURCE} + "/appliance/config/notification/" + language +
                   "/" + name};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::map<std::string, language_files> shipped() {
  std::map<std::string, language_files> all;
  for (const auto* language : {"en", "ru"})
    all[language] = {file(language, "instant.txt"), file(language, "digest.txt"),
                     file(language, "digest_item.txt"), file(language, "page.html"),
                     file(language, "words.txt")};
  return all;
}

letters made() {
  auto all = letters::from(shipped(), "ru");
  BOOST_REQUIRE_MESSAGE(all, (all ? "" : all.error()));
  return *std::move(all);
}

matter example() {
  matter what;
  what.name = "INC-2026-000001";
  what.classified = {"malicious-code", "infected-system"};
  what.severity = 80;
  what.label = incident::tlp::amber_strict;
  what.owner.key = "plant";
  what.owner.name = "Завод";
  matter::observation o;
  o.key.sid = 2000001;
  o.key.victim = *ip_address::parse("10.0.0.1");
  o.key.attacker = *ip_address::parse("192.0.2.9");
  o.key.way = incident::traffic::inbound;
  o.message = "ET TROJAN \r\nBcc: everybody@example.org <script>";
  o.alerts = 7;
  o.first_seen = timestamp{1'790'000'000s};
  o.last_seen = o.first_seen + 1h;
  what.observations = {o};
  return what;
}

const letter_context context{"", "https://cirt.example/answer/TOKEN", timestamp{1'792'000'000s},
                             "First line\nsecond {{line}}"};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_notify_letters)

BOOST_AUTO_TEST_CASE(a_template_is_filled_and_sections_repeat) {
  values v;
  v.texts["a"] = "A";
  v.texts["b"] = "";
  for (const auto* text : {"1", "2"}) {
    values one;
    one.texts["in"] = text;
    v.lists["list"].push_back(one);
  }
  BOOST_TEST(parsed("x{{a}}y{{b}}z").render(v, escaping::plain) == "xAyz");
  BOOST_TEST(parsed("{{#list}}[{{in}}{{a}}]{{/list}}").render(v, escaping::plain) == "[1A][2A]");
  BOOST_TEST(parsed("{{#a}}yes{{/a}}{{#b}}no{{/b}}").render(v, escaping::plain) == "yes");
  BOOST_TEST(parsed("p\n{{#list}}\n- {{in}}\n{{/list}}\nq\n").render(v, escaping::plain) ==
             "p\n- 1\n- 2\nq\n");
}

BOOST_AUTO_TEST_CASE(a_template_that_is_wrong_is_refused_with_its_line) {
  BOOST_TEST(refusal("a\n{{colour}}").starts_with("line 2: 'colour' is not known"));
  BOOST_TEST(refusal("{{a").starts_with("line 1: '{{' without"));
  BOOST_TEST(refusal("{{#a}}") == "the section 'a' has no end");
  BOOST_TEST(refusal("{{/a}}").starts_with("line 1: '/a' ends no section"));
  BOOST_TEST(refusal("{{#a}}{{#b}}{{/a}}{{/b}}").starts_with("line 1: '/a' ends no"));
  BOOST_TEST(!refusal("{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}").empty());
  BOOST_TEST(!refusal(std::string(template_text::limit_bytes + 1, 'x')).empty());
}

BOOST_AUTO_TEST_CASE(what_comes_from_outside_cannot_break_out_of_its_place) {
  values v;
  v.texts["a"] = "<b>&\"'\r\nX: y\x7f";
  BOOST_TEST(parsed("{{a}}").render(v, escaping::plain) == "<b>&\"'  X: y ");
  BOOST_TEST(parsed("{{a}}").render(v, escaping::html) == "&lt;b&gt;&amp;&quot;&#39;  X: y ");
}

BOOST_AUTO_TEST_CASE(every_shipped_language_says_all_an_owner_needs) {
  const auto all = made();
  for (const auto* language : {"en", "ru"}) {
    const auto text = all.instant(language, example(), context);
    BOOST_TEST(holds(text.subject, "[TLP:AMBER+STRICT] INC-2026-000001"), text.subject);
    BOOST_TEST(!holds(text.subject, "\n"));
    for (const auto* part :
         {"10.0.0.1 <- 192.0.2.9", "Завод", "https://cirt.example/answer/TOKEN", "TOKEN/report.csv",
          "ET TROJAN   Bcc: everybody@example.org", "First line\nsecond {{line}}", "2026-09-21"})
      BOOST_TEST(holds(text.text, part), language << ": " << part << "\n" << text.text);
    BOOST_TEST(!holds(text.text, "\nBcc"));
  }
  BOOST_TEST(holds(all.instant("ru", example(), context).text, "заражённая система"));
  BOOST_TEST(holds(all.instant("en", example(), context).text, "infected system"));
  BOOST_TEST(holds(all.instant("kk", example(), context).text, "заражённая система"));
  auto trial = example();
  trial.exercise = true;
  BOOST_TEST(holds(all.instant("en", trial, context).subject, "EXERCISE"));
  BOOST_TEST(holds(all.instant("ru", trial, context).text, "ЭТО УЧЕНИЯ"));
}

BOOST_AUTO_TEST_CASE(a_letter_shows_some_observations_and_the_report_all) {
  const auto all = made();
  auto what = example();
  what.observations.resize(25, what.observations.front());
  what.observations.back().message = "=cmd()";
  BOOST_TEST(holds(all.instant("en", what, context).text, "and 5 more"));
  const auto csv = report_csv(what);
  BOOST_TEST(std::ranges::count(csv, '\n') == 26);
  BOOST_TEST(holds(csv, "\"'=cmd()\""));
  const auto json = report_json(what, {7});
  BOOST_TEST(holds(json, R"("notification":7,"incident":"INC-2026-000001")"));
  BOOST_TEST(holds(json, R"(\r\nBcc)"));
}

BOOST_AUTO_TEST_CASE(a_digest_holds_its_items_and_the_page_its_form) {
  const auto all = made();
  const auto item = all.digest_item("en", example(), context);
  const auto digest = all.digest(
      "en", {"Ann", "Plant", incident::tlp::red, timestamp{1'792'000'000s}, 2, item + item});
  BOOST_TEST(holds(digest.subject, "[TLP:RED] 2 incidents"));
  BOOST_TEST(holds(digest.text, item + item));
  notification n;
  n.created = timestamp{1'790'000'000s};
  n.answers.push_back({{1}, n.created, answer_kind::need_help, "", ""});
  auto what = example();
  what.owner.name = "<script>alert(1)</script>";
  const auto page = all.page("en", n, what, "/answer/TOKEN", answer_kind::fixed);
  BOOST_TEST(holds(page, "action=\"/answer/TOKEN\""));
  BOOST_TEST(holds(page, "recorded: fixed"));
  BOOST_TEST(holds(page, "help needed"));
  BOOST_TEST(!holds(page, "<script"));
}

BOOST_AUTO_TEST_CASE(files_that_are_wrong_are_refused_with_their_name) {
  const auto refused = [](auto change) {
    auto files = shipped();
    change(files["ru"]);
    const auto read = letters::from(files, "ru");
    return read ? std::string{} : read.error();
  };
  BOOST_TEST(refused([](language_files& f) { f.instant = "no subject"; }) ==
             "ru/instant.txt: line 1: has to be 'Subject: …'");
  BOOST_TEST(
      refused([](language_files& f) { f.page = "{{x}}"; }).starts_with("ru/page.html: line 1"));
  BOOST_TEST(refused([](language_files& f) { f.words = "a = b\nc\n"; }) ==
             "ru/words.txt: line 2: has to be 'code = words'");
  BOOST_TEST(!letters::from(shipped(), "kk"));
}

BOOST_AUTO_TEST_CASE(tries_come_ever_later_and_a_digest_at_its_hour) {
  BOOST_TEST(pause_after(1).count() == 60);
  BOOST_TEST(pause_after(2).count() == 120);
  BOOST_TEST(pause_after(9).count() == 4 * 3600);
  BOOST_TEST(pause_after(1000).count() == 4 * 3600);
  const timestamp midnight{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
  BOOST_TEST((next_digest(midnight, 6) == midnight + 6h));
  BOOST_TEST((next_digest(midnight + 6h, 6) == midnight + 30h));
}

BOOST_AUTO_TEST_SUITE_END()
