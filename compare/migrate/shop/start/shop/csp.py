from django.conf import settings


def content_security_policy(get_response):
    def middleware(request):
        response = get_response(request)
        response["Content-Security-Policy"] = "; ".join(settings.CONTENT_SECURITY_POLICY)
        return response

    return middleware
