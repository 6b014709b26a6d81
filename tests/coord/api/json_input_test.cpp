#include "coord/api/json_input.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::coord;
using cresset::coord::api::json_input;

namespace {

json_input reading(std::string body) {
  http::request r;
  r.body = std::move(body);
  return json_input::body_of(r);
}

/// The status and the text of the answer to a body of which {"name": text, "count": 0..10} is
/// asked.
std::string refusal(std::string body) {
  auto in = reading(std::move(body));
  (void)in.text("name", {.most = 5});
  if (in.has("count"))
    (void)in.number("count", 0, 10);
  const auto wrong = in.mistake();
  return wrong ? std::to_string(wrong->status) + " " + wrong->body : "";
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_api_json_input)

BOOST_AUTO_TEST_CASE(members_are_read_as_what_they_are) {
  auto in = reading(R"({"name":"ann","count":7,"yes":true,"in":{"x":"y"}})");
  BOOST_TEST(in.text("name").value() == "ann");
  BOOST_TEST(in.number("count", 0, 10).value() == 7);
  BOOST_TEST(in.boolean("yes").value());
  auto inner = in.object("in");
  BOOST_TEST(inner.text("x").value() == "y");
  BOOST_TEST(!inner.mistake());
  BOOST_TEST(!in.mistake());
}

BOOST_AUTO_TEST_CASE(what_is_missing_unknown_or_of_another_type_is_named) {
  BOOST_TEST(refusal(R"({"name":"ann","count":3})") == "");
  BOOST_TEST(contains(refusal("{}"), R"("member":"name")"));
  BOOST_TEST(contains(refusal(""), R"("member":"name")"));
  BOOST_TEST(contains(refusal(R"({"name":null})"), "is missing"));
  BOOST_TEST(contains(refusal(R"({"name":7})"), R"("member":"name")"));
  BOOST_TEST(contains(refusal(R"({"name":"sixsix"})"), "1 to 5 bytes"));
  BOOST_TEST(contains(refusal(R"({"name":""})"), "1 to 5 bytes"));
  BOOST_TEST(contains(refusal(R"({"name":"ann","count":11})"), "0 to 10"));
  BOOST_TEST(contains(refusal(R"({"name":"ann","count":1.0})"), R"("member":"count")"));
  BOOST_TEST(contains(refusal(R"({"name":"ann","more":1})"), R"("member":"more")"));
}

BOOST_AUTO_TEST_CASE(hostile_bodies_are_refused) {
  for (const std::string_view hostile :
       {"{", "nonsense", "[]", "7", "{}{}", "{\"name\":\"a\"} x", "{\"name\":'a'}",
        "{\"name\":\"\\ud800\"}", "{\"name\":\"\xff\"}", "{\"name\":\"a\x01\"}",
        "{\"name\":\"\\u0000\"}", "{\"name\":\"a\\nb\"}", "{\"name\":\"a\",}",
        "/*c*/{\"name\":\"a\"}"})
    BOOST_TEST(refusal(std::string{hostile}).starts_with("400 "), hostile);
}

BOOST_AUTO_TEST_CASE(a_member_given_twice_is_refused_by_name) {
  BOOST_TEST(contains(refusal(R"({"name":"a","name":"b"})"), R"("member":"name")"));
  BOOST_TEST(contains(refusal(R"({"name":"a","\u006eame":"b"})"), "twice"));
  BOOST_TEST(contains(refusal(R"({"name":"a","in":{"x":1,"x":2}})"), R"("member":"x")"));
  // the same name in two objects is none of that
  auto in = reading(R"({"x":{"x":"y"}})");
  BOOST_TEST(in.object("x").text("x").value() == "y");
}

BOOST_AUTO_TEST_CASE(depth_and_number_of_values_are_bounded) {
  BOOST_TEST(contains(refusal(std::string(100, '[')), "deeper"));
  std::string many = "{\"name\":[0";
  for (int i = 0; i < 3000; ++i)
    many += ",0";
  BOOST_TEST(contains(refusal(many + "]}"), "more values"));
}

BOOST_AUTO_TEST_CASE(the_first_mistake_is_the_one_told) {
  auto in = reading(R"({"a":1,"b":2})");
  (void)in.text("a");
  (void)in.text("b");
  BOOST_TEST(contains(in.mistake()->body, R"("member":"a")"));
}

BOOST_AUTO_TEST_CASE(an_inner_object_names_its_members_with_its_own_name) {
  auto in = reading(R"({"stands":{"hours":900}})");
  auto stands = in.object("stands");
  (void)stands.number("hours", 1, 720);
  BOOST_TEST(contains(stands.mistake()->body, R"("member":"stands.hours")"));
}

BOOST_AUTO_TEST_CASE(a_word_is_one_of_those_known) {
  const auto read = [](std::string_view w) {
    return w == "yes" ? std::optional<int>{1} : std::nullopt;
  };
  auto good = reading(R"({"w":"yes"})");
  BOOST_TEST(good.word("w", read).value() == 1);
  auto bad = reading(R"({"w":"no"})");
  BOOST_TEST(!bad.word("w", read));
  BOOST_TEST(contains(bad.mistake()->body, R"("member":"w")"));
}

BOOST_AUTO_TEST_CASE(line_breaks_are_taken_where_they_are_meant) {
  auto in = reading(R"({"note":"a\nb"})");
  BOOST_TEST(in.text("note", {.most = 10, .many_lines = true}).value() == "a\nb");
}

BOOST_AUTO_TEST_SUITE_END()
