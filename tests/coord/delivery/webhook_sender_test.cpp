#include "coord/delivery/webhook_sender.hpp"

#include "coord/delivery/curl_library.hpp"
#include "tests/support/one_answer_server.hpp"

#include <boost/test/unit_test.hpp>

#include <future>

using namespace cresset;
using namespace cresset::coord::delivery;

namespace {

/// Answers one request, and what it was.
struct endpoint {
  explicit endpoint(std::string answer)
      : server{[this, answer = std::move(answer)](auto& with) {
          std::string heard;
          std::size_t length = 0;
          for (auto line = with.line(); !line.empty(); line = with.line()) {
            heard += line + "\n";
            if (line.starts_with("Content-Length: "))
              length = std::stoul(line.substr(16));
          }
          heard += with.bytes(length);
          with.say(answer);
          told.set_value(heard);
        }} {}
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server.port()) + "/hook"; }

  std::promise<std::string> told;
  tests::one_answer_server server;
};

const curl_library library;

} // namespace

BOOST_AUTO_TEST_SUITE(coord_delivery_webhook_sender)

BOOST_AUTO_TEST_CASE(the_text_is_posted_and_signed) {
  endpoint to{"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"};
  webhook_sender sender{"", "key"};
  const auto sent = sender.post(to.url(), "The quick brown fox jumps over the lazy dog");
  BOOST_REQUIRE_MESSAGE(sent, (sent ? "" : sent.error()));
  const auto heard = to.told.get_future().get();
  BOOST_TEST(heard.starts_with("POST /hook HTTP/1.1"));
  BOOST_TEST(heard.find("Content-Type: application/json") != std::string::npos);
  // The example of the article on HMAC that everybody tests with.
  BOOST_TEST(
      heard.find("X-Cresset-Signature: "
                 "sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8") !=
      std::string::npos);
  BOOST_TEST(heard.ends_with("lazy dog"));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_success_is_told) {
  endpoint to{"HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"};
  webhook_sender sender{"", ""};
  BOOST_TEST(sender.post(to.url(), "{}").error() == "the answer was 503");
  BOOST_TEST(to.told.get_future().get().find("X-Cresset-Signature") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(nobody_is_led_elsewhere) {
  endpoint to{"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nConnection: "
              "close\r\nContent-Length: 0\r\n\r\n"};
  webhook_sender sender{"", ""};
  BOOST_TEST(sender.post(to.url(), "{}").error() == "the answer was 302");
}

BOOST_AUTO_TEST_CASE(an_endless_answer_and_another_protocol_are_refused) {
  endpoint to{"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(100'000, 'x')};
  webhook_sender sender{"", ""};
  BOOST_TEST(!sender.post(to.url(), "{}"));
  BOOST_TEST(!sender.post("file:///etc/passwd", "{}"));
  BOOST_TEST(!sender.post("gopher://127.0.0.1:1/", "{}"));
  BOOST_TEST(sender.failed().value() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
