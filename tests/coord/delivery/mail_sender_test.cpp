#include "coord/delivery/mail_sender.hpp"

#include "coord/delivery/curl_library.hpp"
#include "tests/support/one_answer_server.hpp"

#include <boost/test/unit_test.hpp>

#include <future>

using namespace cresset;
using namespace cresset::coord::delivery;

namespace {

/// A relay that takes one message (or refuses the recipients), and what it was told.
struct relay {
  explicit relay(std::string to_recipients = "250 ok\r\n")
      : server{[this, answer = std::move(to_recipients)](auto& with) { talk(with, answer); }} {}

  void talk(tests::one_answer_server::conversation& with, const std::string& to_recipients) {
    std::string heard;
    with.say("220 relay\r\n");
    for (auto line = with.line(); !line.empty(); line = with.line()) {
      heard += line + "\n";
      if (line.starts_with("EHLO"))
        with.say("250-relay\r\n250 8BITMIME\r\n");
      else if (line.starts_with("RCPT"))
        with.say(to_recipients);
      else if (line == "DATA") {
        with.say("354 go on\r\n");
        for (auto text = with.line(); text != "."; text = with.line())
          heard += text + "\n";
        with.say("250 taken\r\n");
      } else if (line == "QUIT") {
        with.say("221 bye\r\n");
        break;
      } else
        with.say("250 ok\r\n");
    }
    told.set_value(heard);
  }
  mail_relay address(bool require_tls = false) const {
    mail_relay to;
    to.url = "smtp://127.0.0.1:" + std::to_string(server.port());
    to.from = "cresset@cirt.example";
    to.require_tls = require_tls;
    return to;
  }

  std::promise<std::string> told;
  tests::one_answer_server server;
};

mail hello() {
  mail message;
  message.to = {"duty@cirt.example", "lead@cirt.example"};
  message.subject = "Срок истёк";
  message.text = "Line one\n.\nline with a dot before it; привет\n";
  message.attachments.push_back({"list.csv", "text/csv", "a,b\n1,2\n"});
  message.message_id = "alarm-7@cirt.example";
  message.date = timestamp_from_ns(1'795'298'858'000'000'000);
  return message;
}

const curl_library library;

} // namespace

BOOST_AUTO_TEST_SUITE(coord_delivery_mail_sender)

BOOST_AUTO_TEST_CASE(the_relay_gets_envelope_headers_text_and_attachments) {
  relay to;
  mail_sender sender{to.address()};
  const auto sent = sender.send(hello());
  BOOST_REQUIRE_MESSAGE(sent, (sent ? "" : sent.error()));
  const auto heard = to.told.get_future().get();
  for (const auto* part :
       {"MAIL FROM:<cresset@cirt.example>", "RCPT TO:<duty@cirt.example>",
        "RCPT TO:<lead@cirt.example>", "Subject: =?UTF-8?B?", "Message-ID: <alarm-7@cirt.example>",
        "Date: Sat, 21 Nov 2026 22:07:38 +0000", "Auto-Submitted: auto-generated", "=D0=BF=D1=80",
        "filename=\"list.csv\"", "YSxiCjEsMgo="})
    BOOST_TEST(heard.find(part) != std::string::npos, part);
  BOOST_TEST(sender.sent().value() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_told_with_the_relays_answer) {
  relay to{"550 no such person\r\n"};
  mail_sender sender{to.address()};
  const auto sent = sender.send(hello());
  BOOST_REQUIRE(!sent);
  BOOST_TEST(sent.error().find("550") != std::string::npos, sent.error());
  BOOST_TEST(sender.failed().value() == 1U);
}

BOOST_AUTO_TEST_CASE(without_encryption_nothing_goes_where_encryption_is_required) {
  relay to;
  mail_sender sender{to.address(true)};
  BOOST_TEST(!sender.send(hello()));
  BOOST_TEST(to.told.get_future().get().find("MAIL FROM") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_cannot_go_is_refused_before_anybody_is_called) {
  mail_sender nowhere{{}};
  BOOST_TEST(nowhere.send(hello()).error() == "no relay for mail is configured");
  mail_relay relay;
  relay.url = "smtp://127.0.0.1:1";
  relay.from = "cresset@cirt.example";
  relay.require_tls = false;
  mail_sender sender{relay};
  auto message = hello();
  message.to = {"a@b\r\nRCPT TO:<c@d>"};
  BOOST_TEST(sender.send(message).error() == "a recipient's address is none");
  message.to.assign(101, "a@b.example");
  BOOST_TEST(sender.send(message).error().find("1 to 100") != std::string::npos);
  message = hello();
  message.text.assign(mail_bytes_limit + 1, 'x');
  BOOST_TEST(sender.send(message).error().find("longer than") != std::string::npos);
  BOOST_TEST(!sender.send(hello())); // nobody listens there
  relay.user = "cresset";
  relay.password_file = "/nonexistent";
  mail_sender named{relay};
  BOOST_TEST(named.send(hello()).error() == "the relay's password cannot be read");
}

BOOST_AUTO_TEST_CASE(only_mail_goes_by_mail) {
  mail_relay relay;
  relay.url = "http://127.0.0.1:1/";
  relay.from = "cresset@cirt.example";
  mail_sender sender{relay};
  BOOST_TEST(!sender.send(hello()));
}

BOOST_AUTO_TEST_SUITE_END()
