// The library's own defaults are a neutral server's; what is set here is what rule sets of the
// field were written for: everything that can be decoded is decoded, but the case of letters stays
// and `+` in a query stays a plus.
#include "detect/proto/http/personality.hpp"

#include "detect/proto/http/connection.hpp"

#include <stdexcept>

namespace cresset::detect::proto::http {
namespace {

constexpr std::size_t soft_share = 2; ///< the library warns at half of its hard limit

int normalise_query(htp_tx_t* tx) {
  if (tx->parsed_uri == nullptr || tx->parsed_uri->query == nullptr)
    return HTP_OK;
  std::uint64_t flags = 0;
  htp_urldecode_inplace(tx->cfg, HTP_DECODER_URLENCODED, tx->parsed_uri->query, &flags);
  return HTP_OK;
}

int decode_path_again(htp_tx_t* tx) {
  if (tx->parsed_uri == nullptr || tx->parsed_uri->path == nullptr)
    return HTP_OK;
  std::uint64_t flags = 0;
  htp_urldecode_inplace(tx->cfg, HTP_DECODER_URLENCODED, tx->parsed_uri->path, &flags);
  return HTP_OK;
}

void set_limits(htp_cfg_t* cfg, const settings& wanted) {
  htp_config_set_field_limits(cfg, wanted.field_limit / soft_share, wanted.field_limit);
  htp_config_set_number_headers_limit(cfg, wanted.headers_limit);
  htp_config_set_response_decompression_layer_limit(cfg, wanted.decompression_layers);
  htp_config_set_compression_bomb_limit(cfg, wanted.bomb_limit);
  htp_config_set_lzma_memlimit(cfg, 0);
  htp_config_set_lzma_layers(cfg, 0);
}

} // namespace

personality::personality(const settings& wanted) : state_{std::make_unique<state>()} {
  state_->limits = wanted;
  state_->cfg.reset(htp_config_create());
  auto* cfg = state_->cfg.get();
  if (cfg == nullptr)
    throw std::runtime_error{"http: no memory for the parser's configuration"};
  htp_config_set_server_personality(cfg, HTP_SERVER_IDS);
  htp_config_set_convert_lowercase(cfg, HTP_DECODER_URL_PATH, 0);
  htp_config_set_plusspace_decode(cfg, HTP_DECODER_URLENCODED, 0);
  htp_config_set_allow_space_uri(cfg, 1);
  htp_config_set_parse_request_cookies(cfg, 0);
  htp_config_set_parse_request_auth(cfg, 1);
  htp_config_set_response_decompression(cfg, 1);
  htp_config_set_request_decompression(cfg,
                                       0); // ours: what is not packed after all is kept as it is
  htp_config_set_tx_auto_destroy(cfg, 0);
  htp_config_set_log_level(cfg, HTP_LOG_INFO);
  set_limits(cfg, wanted);
  htp_config_register_request_uri_normalize(cfg, normalise_query);
  if (wanted.double_decode_query)
    htp_config_register_request_uri_normalize(cfg, normalise_query);
  if (wanted.double_decode_path)
    htp_config_register_request_uri_normalize(cfg, decode_path_again);
  connection::register_callbacks(cfg);
}

personality::~personality() = default;

const settings& personality::limits() const noexcept {
  return state_->limits;
}

} // namespace cresset::detect::proto::http
