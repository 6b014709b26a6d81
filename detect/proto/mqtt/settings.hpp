#pragma once

#include <cstddef>

namespace cresset::detect::proto::mqtt {

/// Choices for MQTT (`app-layer.protocols.mqtt`), with the defaults of the field.
struct settings {
  std::size_t max_message_bytes = 1024 * 1024; ///< `max-msg-length`; longer ones are passed over
  std::size_t max_transactions = 1024;         ///< `max-tx`: open at the same time
  std::size_t logged_text_bytes = 1024; ///< of a text in the event log; the rest is only counted
  bool log_passwords = true;
  /// `subscribe-topic-match-limit`, `unsubscribe-topic-match-limit`: topics of one message that
  /// rules look at; 0 for all that are kept.
  std::size_t subscribe_topics_matched = 100;
  std::size_t unsubscribe_topics_matched = 100;
};

} // namespace cresset::detect::proto::mqtt
