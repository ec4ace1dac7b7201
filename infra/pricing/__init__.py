"""What a client costs: AWS's own requests and the carriers' fees, at prices that name their page and their date."""
