#pragma once

#include "detect/proto/http/parser.hpp"

#include <htp/htp.h>

#include <memory>

namespace cresset::detect::proto::http {

/// The library's configuration and the settings it was made from.
struct personality::state {
  struct deleter {
    void operator()(htp_cfg_t* cfg) const noexcept { htp_config_destroy(cfg); }
  };
  settings limits;
  std::unique_ptr<htp_cfg_t, deleter> cfg;
};

} // namespace cresset::detect::proto::http
